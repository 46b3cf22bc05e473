def uninstall_hook(env):
    """Let the tables go as a whole, with what Odoo would leave behind.

    Odoo would first delete the records it knows by an external id, such as
    demo programs, one by one; their ledger rightly refuses that.
    """
    _archive_payment_methods(env)
    _delete_sequences(env)
    env["ir.model.data"].search(
        [("module", "=", "customer_points"), ("model", "=like", "points.%")]
    ).unlink()
    env.cr.execute("DROP FUNCTION IF EXISTS points_ledger_is_final() CASCADE")
    env.cr.execute("DROP FUNCTION IF EXISTS points_account_is_booked() CASCADE")


def _archive_payment_methods(env):
    """Take the methods that pay with points out of use; their payments stay.

    Else they would go on as plain methods that take nobody's points. By SQL,
    because Odoo refuses to change a method while a session is open, and an
    error here would leave the add-on half uninstalled for good.
    """
    methods = env["pos.payment.method"]
    methods.flush_model(["active", "points_program_id"])
    env.cr.execute(
        "UPDATE pos_payment_method SET active = false"
        " WHERE points_program_id IS NOT NULL"
    )
    methods.invalidate_model(["active"])


def _delete_sequences(env):
    """Delete what numbers documents of points: one sequence in each company."""
    sequences = env["ir.sequence"].with_context(active_test=False)
    sequences.search([("code", "=", "points.document")]).unlink()
