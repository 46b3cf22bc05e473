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
        last_sudo = self.deferrals_sudo._get_last_lines(programs_sudo).values()
        lines_sudo = self.env["points.deferral.line"].sudo().union(*last_sudo)
        return [
            *self._check_books(),
            *self._check_payers(programs_sudo.filtered("has_deferral")),
            *self._check_proposed(),
            *self._check_balances(programs_sudo),
            *self._check_booked(lines_sudo),
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
        ledger, balances, left, lots = (
            self._sum_by_program(model, total, programs_sudo, *more)
            for model, total, *more in (
                ("points.entry", "points:sum"),
                ("points.account", "balance:sum"),
                ("points.account", "balance:sum", ("balance", ">", 0)),
                ("points.lot", "remaining:sum", ("remaining", ">", 0)),
            )
        )
        for program_sudo in programs_sudo:
            difference = balances[program_sudo] - ledger[program_sudo]
            difference = difference or lots[program_sudo] - left[program_sudo]
            if difference:
                words = {
                    name: self._say_points(program_sudo, points)
                    for name, points in (
                        ("ledger", ledger[program_sudo]),
                        ("balances", balances[program_sudo]),
                        ("difference", difference),
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

    def _sum_by_program(self, model, total, programs_sudo, *more) -> dict:
        of_programs = [("program_id", "in", programs_sudo.ids), *more]
        model_sudo = self.env[model].sudo()
        sums = dict(model_sudo._read_group(of_programs, ["program_id"], [total]))
        return {program: exact(sums.get(program, 0)) for program in programs_sudo}

    def _check_booked(self, lines_sudo):
        """Compare the ledger of the day that was booked last with the books."""
        deferrals_sudo = self.deferrals_sudo
        for deferral, lines in lines_sudo.grouped("deferral_id").items():
            day = deferral.date
            every = deferrals_sudo._get_booked(self.company, day)
            booked = deferrals_sudo._sum_programs(every)
            begun = dict.fromkeys(lines.program_id.ids, (day, 0.0))
            movements = read_movements(self.env, begun, day)
            for line in lines:
                program = line.program_id
                due = line._get_terms().worth_of(movements[program.id].end)
                has = exact(booked.get(program.id, 0.0))
                if due != has:
                    yield (
                        deferral.sudo(False),
                        self._say_difference(line, due, has),
                    )

    def _say_difference(self, line, due, has) -> str:
        currency = line.currency_id
        return self.env._(
            "%(program)s: %(due)s is to be deferred on %(date)s, but %(booked)s is "
            "booked: the difference is %(difference)s. Propose an entry.",
            program=line.program_id.name,
            due=say_money(currency, due),
            date=format_date(self.env, line.deferral_id.date),
            booked=say_money(currency, has),
            difference=say_money(currency, due - has),
        )

    def _say_points(self, program_sudo, points) -> str:
        is_value = program_sudo.mode == "value"
        return say_worth(self.env, program_sudo.currency_id, is_value, points)
