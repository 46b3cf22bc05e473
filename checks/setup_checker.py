from __future__ import annotations

from .deferral_checker import DeferralChecker
from .program_checker import ProgramChecker


class SetupChecker:
    """Names everything a company still misses to give points (E-26, X-12, X-33).

    Every finding is one sentence with the record, or the action, where it is
    mended.
    """

    def __init__(self, company):
        self.env, self.company = company.env, company
        self.today = company._get_points_today()

    def check(self) -> list[tuple]:
        """Return (record or XML id of an action, sentence)."""
        return [
            *self._check_company(),
            *self._check_programs(),
            *self._check_payment_methods(),
            *self._check_jobs(),
            *DeferralChecker(self.company).check(),
        ]

    def _check_company(self):
        if not self.company.points_active:
            yield (
                "customer_points.points_settings_action_open",
                self.env._("Customer Points is switched off: no points are earned."),
            )
        # A manager of points need not have rights in accounting.
        Journal = self.env["account.journal"].sudo()
        journals = self.company.sudo().points_journal_ids or Journal.search(
            [("type", "=", "sale"), ("company_id", "=", self.company.id)]
        )
        if not journals.filtered("active"):
            yield (
                "account.action_account_journal_form",
                self.env._("No sales journal earns points."),
            )

    def _check_programs(self):
        programs = self.env["points.program"].search(
            [("company_id", "=", self.company.id)]
        )
        if not programs:
            yield (
                "customer_points.points_program_action",
                self.env._("There is no program yet: create one."),
            )
        elif not self.env["points.document"]._get_sequence(self.company.id):
            yield (
                "base.ir_sequence_form",
                self.env._("The sequence of points documents is missing."),
            )
        for program in programs:
            checker = ProgramChecker(program, self.today)
            # That a promise is over is nothing to mend.
            if not checker.is_over:
                yield from checker.check()

    def _check_payment_methods(self):
        """Find what pays with points of an archived program."""
        paying = [
            ("company_id", "=", self.company.id),
            ("points_program_id.active", "=", False),
            ("points_program_id", "!=", False),
        ]
        methods, journals = (
            self.env[name].sudo().search(paying)
            for name in ("pos.payment.method", "account.journal")
        )
        for payer in (*methods, *journals):
            yield (
                payer.points_program_id.sudo(False),
                self.env._(
                    "%(method)s accepts points of %(program)s, which is archived: "
                    "it cannot be used.",
                    method=payer.name,
                    program=payer.points_program_id.name,
                ),
            )

    def _check_jobs(self):
        for name in ("ir_cron_settle", "ir_cron_expire", "ir_cron_book"):
            job = self.env.ref(f"customer_points.{name}").sudo()
            if not job.active:
                yield (
                    "base.ir_cron_act",
                    self.env._(
                        "The scheduled action %(job)s is disabled.", job=job.name
                    ),
                )
