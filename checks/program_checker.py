from __future__ import annotations

from odoo.fields import Domain
from odoo.tools import format_date

from .rule_checker import RuleChecker


class ProgramChecker:
    """Tells what keeps customers of a program from earning or redeeming points.

    Its own *Check* and the set-up check ask here, so that they never contradict
    each other. Every finding is one sentence with the record to look at.
    """

    def __init__(self, program, today):
        self.env, self.program, self.today = program.env, program, today
        self.words = {"program": program.name}

    def check(self) -> list[tuple]:
        """Return (record, sentence)."""
        rules = RuleChecker(self.program, self.today)
        return [
            *self._check_running(),
            *self._check_earning(),
            *self._check_redeeming(),
            *self._check_rewards(),
            *self._check_stray(),
            *rules.check_program(),
        ]

    @property
    def is_over(self) -> bool:
        """Tell whether the program's last day is past."""
        return bool(self.program.date_to) and self.program.date_to < self.today

    # === EARNING === #

    def _check_running(self):
        if not self.program.active:
            sentence = self.env._(
                "%(program)s is archived and no longer earns points.", **self.words
            )
            yield (self.program, sentence)
        elif self.is_over:
            sentence = self.env._(
                "%(program)s ended on %(date)s and no longer earns points.",
                date=format_date(self.env, self.program.date_to),
                **self.words,
            )
            yield (self.program, sentence)

    def _check_earning(self):
        if not self.program._get_all_rules():
            sentence = self.env._(
                "%(program)s has no rules: no points are earned.", **self.words
            )
            yield (self.program, sentence)
        if not self.program._has_members():
            yield (self.program, self._say_no_members())

    def _say_no_members(self) -> str:
        if self.program.membership == "groups":
            return self.env._(
                "%(program)s has no customers: no contact has one of its tags.",
                **self.words,
            )
        return self.env._(
            "%(program)s has no customers yet: add customers.", **self.words
        )

    # === REDEEMING === #

    def _check_redeeming(self):
        """Find points and vouchers that no register can take."""
        methods = self.program._get_payers("pos.payment.method")
        journals = self.program._get_payers("account.journal")
        payers = methods or journals
        if payers and not self.program._get_point_value():
            sentence = self.env._(
                "%(method)s accepts points of %(program)s, which have no value. "
                "Set the value per point.",
                method=payers[0].name,
                **self.words,
            )
            yield (self.program, sentence)
        rewards = self._get_usable_rewards()
        if self.program._has_vouchers() and not rewards:
            sentence = self.env._(
                "%(program)s issues vouchers, but registers cannot accept them: "
                "add a reward with a redemption product (LOYPAY).",
                **self.words,
            )
            yield (self.program, sentence)
        elif not (rewards or methods.config_ids or journals):
            sentence = self.env._(
                "Points of %(program)s cannot be redeemed: add a reward with a "
                "redemption product (LOYPAY), or a payment method for points.",
                **self.words,
            )
            yield (self.program, sentence)

    def _get_usable_rewards(self):
        """Return the rewards that are not over and whose products can be sold."""
        return self.program.reward_ids.filtered(
            lambda reward: (
                not reward._say_archived()
                and (not reward.date_to or self.today <= reward.date_to)
            )
        )

    def _check_rewards(self):
        """Find rewards that take points for nothing, or that cannot be had."""
        for reward in self.program.reward_ids:
            archived = reward._say_archived()
            if archived:
                sentence = self.env._(
                    "%(reward)s: %(why)s", reward=reward.name, why=archived
                )
                yield (self.program, sentence)
            if not reward._is_worth_something():
                sentence = self.env._(
                    "%(program)s: reward %(reward)s has no value. Set its value, "
                    "or the value per point.",
                    reward=reward.name,
                    **self.words,
                )
                yield (self.program, sentence)

    def _check_stray(self):
        """Find points that no register offers: the company gets points now."""
        Account = self.env["points.account"]
        of_program = Domain("program_id", "=", self.program.id)
        has_any = Domain("balance", "!=", 0)
        domain = of_program & has_any & Account._get_stray_domain()
        count = Account.search_count(domain)
        if count:
            sentence = self.env._(
                "%(program)s: registers do not offer the points of %(count)s "
                "contacts, because their company now receives the points. Move them "
                "to the company.",
                count=count,
                **self.words,
            )
            yield ("customer_points.points_account_action_stray", sentence)
