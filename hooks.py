def uninstall_hook(env):
    """Let the tables go as a whole.

    Odoo would first delete the records it knows by an external id, such as
    demo programs, one by one; their ledger rightly refuses that.
    """
    env["ir.model.data"].search(
        [("module", "=", "customer_points"), ("model", "=like", "points.%")]
    ).unlink()
    env.cr.execute("DROP FUNCTION IF EXISTS points_ledger_is_final() CASCADE")
    env.cr.execute("DROP FUNCTION IF EXISTS points_account_is_booked() CASCADE")
