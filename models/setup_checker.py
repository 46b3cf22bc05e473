from __future__ import annotations

from .. import const


class SetupChecker:
    """Names everything a company still misses to give points (E-26, X-12, X-33).

    Every finding is one sentence with the record, or the action, where it is
    mended.
    """

    def __init__(self, company):
        self.env, self.company = company.env, company

    def check(self) -> list[tuple]:
        """Return (record or XML id of an action, sentence)."""
        return [
            *self._check_company(),
            *self._check_programs(),
            *self._check_jobs(),
        ]

    def _check_company(self):
        if not self.company.points_active:
            yield (
                "customer_points.res_config_settings_action",
                self.env._("Customer Points is switched off: nobody earns anything."),
            )
        # A manager of points need not have rights in accounting.
        Journal = self.env["account.journal"].sudo()
        journals = self.company.sudo().points_journal_ids or Journal.search(
            [("type", "=", "sale"), ("company_id", "=", self.company.id)]
        )
        if not journals.filtered("active"):
            yield (
                "account.action_account_journal_form",
                self.env._("There is no sales journal whose invoices earn."),
            )

    def _check_programs(self):
        programs = self.env["points.program"].search(
            [("company_id", "=", self.company.id)]
        )
        if not programs:
            yield (
                "customer_points.points_program_action",
                self.env._("There is no program yet: make one."),
            )
        elif not self.env["points.document"]._get_sequence(self.company.id):
            yield (
                "base.ir_sequence_form",
                self.env._("The number series of points documents is missing."),
            )
        for program in programs:
            yield from self._check_earning(program)
            yield from self._check_spending(program)

    def _check_earning(self, program):
        if not program._get_all_rules():
            yield (
                program,
                self.env._(
                    "%(program)s has no rule: nobody earns.", program=program.name
                ),
            )
        if not program._has_members():
            yield (
                program,
                self.env._("%(program)s: nobody is in it.", program=program.name),
            )
        if not program.loy_product_id:
            yield (
                program,
                self.env._(
                    "%(program)s has no LOY product, the points on bills.",
                    program=program.name,
                ),
            )

    def _check_spending(self, program):
        if not program.reward_ids:
            yield (
                program,
                self.env._(
                    "%(program)s has no reward with a LOYPAY product: its points "
                    "cannot be spent, and nobody is reminded of any.",
                    program=program.name,
                ),
            )
        for reward in program.reward_ids:
            value = reward.value
            if reward.kind == "per_point":
                value = program._get_point_value()
            if not value and reward.kind not in const.PRODUCT_REWARDS:
                yield (
                    program,
                    self.env._(
                        "%(program)s: reward %(reward)s is worth nothing. Enter its "
                        "value, or the value per point.",
                        program=program.name,
                        reward=reward.name,
                    ),
                )

    def _check_jobs(self):
        for name in ("ir_cron_settle", "ir_cron_expire"):
            job = self.env.ref(f"customer_points.{name}").sudo()
            if not job.active:
                yield (
                    "base.ir_cron_act",
                    self.env._("The job %(job)s is switched off.", job=job.name),
                )
