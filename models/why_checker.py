from __future__ import annotations

from .. import const
from ..engine.basket import Basket
from ..engine.verdicts import ADMITS, COUNTS, OTHER_SELLERS, not_valid, verdicts
from .points_settlement import Settlement
from .points_wording import say_goods, say_validity, say_verdict

#: So many bills without points are looked at for a customer.
_BILLS = 3


class WhyChecker:
    """Tells why a sale or a customer has no points, or not more (X-30).

    It asks the same engine as settling does and writes nothing. Every finding
    is one sentence with the record to look at.
    """

    def __init__(self, env):
        self.env = env

    # === A SALE === #

    def check_paper(self, paper) -> list[tuple]:
        """Return (record, sentence) about one order or invoice."""
        paper = paper.sudo()
        reason = paper._points_why_not()
        if reason:
            return [(paper, reason)]
        settlement = Settlement(paper)
        if not settlement.facts:
            return [(paper, self.env._("There is no program yet: make one."))]
        if settlement.states:
            settlement.read_ledger(expires=False)
        findings = list(self._check_reviews(settlement))
        for state in settlement.states:
            if state.is_own and not state.is_unknown:
                told = settlement.told(state)
                for facts in settlement.facts.values():
                    findings += self._check_program(settlement, facts, told)
        if findings:
            return findings
        return [(paper, self.env._("Nothing on it is goods that earn points."))]

    def check_sale_order(self, order) -> list[tuple]:
        """Return (record, sentence) about a sales order: its invoices, its till."""
        lines = order.sudo().order_line
        papers = [
            *lines.invoice_lines.move_id.filtered(
                lambda move: (
                    move.state == "posted"
                    and move.move_type in ("out_invoice", "out_receipt")
                )
            ),
            *lines.pos_order_line_ids.order_id,
        ]
        if not papers:
            reason = self.env._("It is not invoiced: points come with the invoice.")
            return [(order, reason)]
        return [found for paper in papers for found in self.check_paper(paper)]

    def _check_reviews(self, settlement):
        """Find why points of the bill still wait, or a formula failed."""
        roots = [state.root for state in settlement.states]
        reviews = self.env["points.review"].search(
            [("root", "in", roots), ("state", "!=", "done")]
        )
        for review in reviews:
            yield (
                review,
                self.env._("Someone must look at it: %s", review.reason),
            )

    def _check_program(self, settlement, facts, state):
        program = self.env["points.program"].browse(facts.id)
        partner = self.env["res.partner"].browse(state.partner_id or ())
        account = settlement._member_account(facts, state)
        reason = "" if account else program._say_no_member(partner)
        if reason:
            yield (program._get_account(partner) or program, reason)
            return
        result = settlement.award(facts, account, state)
        place = self.env["points.account"].browse(account.id) if account else program
        Document = self.env["points.document"]
        yield (place, "\n".join(Document._explain_award(facts.id, result)))
        rules = settlement.rules_for(facts, account)
        yield from self._check_rules(result, rules)

    def _check_rules(self, result, rules):
        """Find, for each rule, the goods it does not count for, and why."""
        names = self.env["points.document"]._get_goods_names(result.basket)
        goods_by_reason: dict[tuple, list[str]] = {}
        for place in result.decision.counted:
            line = result.basket.lines[place]
            found = verdicts(line, result.basket, result.decision.terms, rules)
            for verdict in found:
                if verdict.reason not in (ADMITS, COUNTS):
                    before = self._rule(verdict.before).name or ""
                    why = say_verdict(self.env, verdict, before)
                    key = (verdict.rule.id, why)
                    goods_by_reason.setdefault(key, []).append(names[place])
        for (rule_id, why), goods in goods_by_reason.items():
            rule = self._rule(rule_id)
            words = {"rule": rule.name, "goods": say_goods(goods), "why": why}
            yield (rule, self.env._("%(rule)s, for %(goods)s: %(why)s.", **words))

    def _rule(self, rule_id):
        return self.env["points.rule"].browse(rule_id or ())

    # === A CUSTOMER === #

    def check_customer(self, partner) -> list[tuple]:
        """Return (record, sentence) about a customer and its latest bills."""
        findings = []
        for program in self.env["points.program"].search(
            [("company_id", "=", self.env.company.id)]
        ):
            account = program._get_account(partner)
            reason = program._say_no_member(partner)
            if reason:
                findings.append((account or program, reason))
            else:
                findings += self._check_todays_rules(program, account, partner)
        for paper in self._get_bills(partner):
            findings += self.check_paper(paper)
        return findings

    def _check_todays_rules(self, program, account, partner):
        """Find rules that are not valid today, or are for others."""
        owner = account and account._get_rules_owner() or program
        rules = self.env["points.rule"]._get_rules([("id", "in", owner.rule_ids.ids)])
        groups = (partner | partner.commercial_partner_id).category_id
        today = program.company_id._get_points_today()
        basket = Basket(today, (), customer_groups=frozenset(groups.ids))
        place = account or program
        if not rules:
            yield (place, self.env._("%s has no rule: nobody earns.", program.name))
        for rule in rules:
            reason = not_valid(rule, basket)
            # Who will sell is not known yet.
            if reason and reason != OTHER_SELLERS:
                record = self._rule(rule.id)
                why = say_validity(self.env, rule, reason)
                yield (record, f"{program.name}, {record.name}: {why}.")

    def _get_bills(self, partner):
        """Return those of the customer's latest bills that gave no points."""
        domain = [
            ("partner_id", "in", (partner | partner.commercial_partner_id).ids),
            ("company_id", "=", self.env.company.id),
        ]
        paid = [("state", "in", const.PAID)]
        orders = self.env["pos.order"].sudo()
        orders = orders.search(
            [*domain, *paid], order="date_order desc, id desc", limit=_BILLS
        )
        posted = [
            ("move_type", "in", ("out_invoice", "out_receipt")),
            ("state", "=", "posted"),
            ("pos_order_ids", "=", False),
        ]
        moves = self.env["account.move"].sudo()
        moves = moves.search(
            [*domain, *posted], order="invoice_date desc, id desc", limit=_BILLS
        )
        return [
            paper
            for paper in (*orders, *moves)
            if not any(
                entry.points > 0 for entry in paper.points_document_ids.entry_ids
            )
        ]
