from __future__ import annotations

from odoo.exceptions import UserError
from odoo.tools import format_date

from ..engine.numbers import exact
from ..settlement.movements import read_movements
from ..wording.sentences import say_money, say_worth


class DeferralChecker:
    """Tells where ledger, accounts and books of a company do not agree.

    Every finding is one sentence with the record to look at.
    """

    def __init__(self, company):
        self.env, self.company = company.env, company
        # A manager of points need not have rights in accounting.
        self.deferrals_sudo = self.env["points.deferral"].sudo()

    def check(self) -> list[tuple]:
        """Return (record or XML id of an action, sentence)."""
        today = self.company._get_points_today()
        programs_sudo = self.deferrals_sudo._get_deferring(self.company, today)
        if not programs_sudo:
            return []
        lines_sudo = self.deferrals_sudo._get_last_lines(programs_sudo)
        return [
            *self._check_books(),
            *self._check_payers(programs_sudo.filtered("has_deferral")),
            *self._check_proposed(),
            *self._check_balances(programs_sudo),
            *self._check_booked(lines_sudo.values()),
        ]

    def _check_books(self):
        try:
            self.company.sudo()._get_points_books()
        except UserError as error:
            yield "customer_points.res_config_settings_action", str(error)

    def _check_payers(self, programs_sudo):
        """Find payments with points that release them elsewhere a second time."""
        account = self.company.sudo().points_deferral_account_id
        for program_sudo in programs_sudo:
            program = program_sudo.with_env(self.env)
            methods = program._get_payers("pos.payment.method")
            journals = program._get_payers("account.journal")
            lines = journals.inbound_payment_method_line_ids
            accounts = methods.outstanding_account_id | lines.payment_account_id
            others = accounts - account
            if account and others:
                yield (
                    program,
                    self.env._(
                        "%(program)s: payments with points are booked on %(other)s. "
                        "Use the account of its deferred revenue, %(account)s.",
                        program=program.name,
                        other=others[0].display_name,
                        account=account.display_name,
                    ),
                )

    def _check_proposed(self):
        waiting = [("company_id", "=", self.company.id), ("move_id", "=", False)]
        waiting = self.deferrals_sudo.search(waiting).line_ids.filtered(
            lambda line: line._get_parts()
        )
        for deferral in waiting.deferral_id:
            yield (
                deferral.sudo(False),
                self.env._(
                    "%(name)s has no journal entry yet.", name=deferral.display_name
                ),
            )

    def _check_balances(self, programs_sudo):
        """Compare what accounts and their lots hold with the sums of the ledger."""
        for program_sudo in programs_sudo:
            of_program = [("program_id", "=", program_sudo.id)]
            ledger, balances, left = (
                exact(self.env[model].sudo()._read_group(domain, [], [total])[0][0])
                for model, domain, total in (
                    ("points.entry", of_program, "points:sum"),
                    ("points.account", of_program, "balance:sum"),
                    (
                        "points.account",
                        [*of_program, ("balance", ">", 0)],
                        "balance:sum",
                    ),
                )
            )
            lots = self.env["points.lot"].sudo()
            of_lots = [("account_id.program_id", "=", program_sudo.id)]
            lots = exact(lots._read_group(of_lots, [], ["remaining:sum"])[0][0])
            if ledger != balances or lots != left:
                words = {
                    name: self._say_points(program_sudo, points)
                    for name, points in (
                        ("ledger", ledger),
                        ("balances", balances),
                        ("difference", balances - ledger or lots - left),
                    )
                }
                yield (
                    program_sudo.sudo(False),
                    self.env._(
                        "%(program)s: the ledger has %(ledger)s, its accounts have "
                        "%(balances)s: they differ by %(difference)s.",
                        program=program_sudo.name,
                        **words,
                    ),
                )

    def _check_booked(self, lines_sudo):
        """Compare the ledger of the day that was booked last with the books."""
        deferrals_sudo, booked_on = self.deferrals_sudo, {}
        for line in lines_sudo:
            day, program = line.deferral_id.date, line.program_id
            if day not in booked_on:
                every = deferrals_sudo._get_booked(self.company, day)
                booked_on[day] = deferrals_sudo._sum_programs(every)
            movement = read_movements(self.env, {program.id: (day, 0.0)}, day)
            due = line._get_terms().worth_of(movement[program.id].end)
            has = exact(booked_on[day].get(program.id, 0.0))
            if due != has:
                yield (
                    line.deferral_id.sudo(False),
                    self.env._(
                        "%(program)s: %(due)s is to be deferred on %(date)s, but "
                        "%(booked)s is booked: the difference is %(difference)s. "
                        "Propose an entry.",
                        program=program.name,
                        due=say_money(line.currency_id, due),
                        date=format_date(self.env, day),
                        booked=say_money(line.currency_id, has),
                        difference=say_money(line.currency_id, due - has),
                    ),
                )

    def _say_points(self, program_sudo, points) -> str:
        is_value = program_sudo.mode == "value"
        return say_worth(self.env, program_sudo.currency_id, is_value, points)
