from odoo.tools import SQL


def uninstall_hook(env):
    """Let the tables go as a whole, with what Odoo would leave behind.

    Odoo would first delete the records it knows by an external id, such as
    demo programs, one by one; their ledger rightly refuses that.
    """
    _archive_payers(env)
    _delete_sequences(env)
    env["ir.model.data"].search(
        [("module", "=", "customer_points"), ("model", "=like", "points.%")]
    ).unlink()
    for name in ("ledger_is_final", "account_is_booked", "entry_is_added_up"):
        function = SQL.identifier(f"points_{name}")
        env.cr.execute(SQL("DROP FUNCTION IF EXISTS %s() CASCADE", function))


def _archive_payers(env):
    """Take methods and journals that pay with points out of use; payments stay.

    Else they would go on as plain ones that take nobody's points. By SQL,
    because Odoo refuses to change a method while a session is open, and an
    error here would leave the add-on half uninstalled for good.
    """
    for name in ("pos.payment.method", "account.journal"):
        payers = env[name]
        payers.flush_model(["active", "points_program_id"])
        env.cr.execute(
            SQL(
                "UPDATE %s SET active = false WHERE points_program_id IS NOT NULL",
                SQL.identifier(payers._table),
            )
        )
        payers.invalidate_model(["active"])


def _delete_sequences(env):
    """Delete what numbers documents of points: one sequence in each company."""
    sequences = env["ir.sequence"].with_context(active_test=False)
    sequences.search([("code", "=", "points.document")]).unlink()
