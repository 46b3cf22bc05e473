from __future__ import annotations

from dataclasses import dataclass

from odoo import models

from .. import const
from ..engine.basket import Basket
from ..engine.verdicts import (
    ADMITS,
    COUNTS,
    ENDED,
    NOT_BEGUN,
    OTHER_SELLERS,
    OTHER_WEEKDAYS,
    not_valid,
    verdicts,
)
from ..settlement.settlement import Settlement
from ..wording.award_explanation import AwardExplanation
from ..wording.sentences import (
    say_awaiting,
    say_moved_by_program,
    say_products,
    say_validity,
    say_verdict,
)
from .no_member import say_no_member

#: So many of a customer's latest sales are looked at for one without points.
_SALES = 3
#: In which order findings are shown: what waits, what programs of the customer gave,
#: programs the customer is not in, campaigns of other days.
_FIRST, _MEMBER, _STRANGER, _OTHER_DAY = range(4)


@dataclass
class Finding:
    """One sentence with the record to look at.

    ``program`` is the id of the program it is about: those of one program are shown
    together; 0: of none.
    """

    record: models.BaseModel
    sentence: str
    rank: int = _FIRST
    program: int = 0


class WhyChecker:
    """Tells why a sale or a customer has no points, or not more (X-30).

    It asks the same engine as settling does and writes nothing. Every finding
    is one sentence with the record to look at.
    """

    def __init__(self, env):
        self.env = env

    # === A SALE === #

    def check_sale(self, sale) -> list[tuple]:
        """Return (record, sentence) about one order or invoice: the verdict first.

        A third place names who could be added to a program.
        """
        return self._judge(sale, [sale], self._find(sale))

    def check_sale_order(self, order) -> list[tuple]:
        """Return the same of a sales order, with its invoices and register orders."""
        lines = order.sudo().order_line
        sales = [
            *lines.invoice_lines.move_id.filtered(
                lambda move: (
                    move.state == "posted"
                    and move.move_type in ("out_invoice", "out_receipt")
                )
            ),
            *lines.pos_order_line_ids.order_id,
        ]
        if order.state == "sale" and order._points_concerned():
            sales.insert(0, order)
        if not sales:
            reason = self.env._(
                "It is not invoiced yet: points are earned by the invoice."
            )
            return [(order, reason)]
        found = (found for sale in sales for found in self._find(sale))
        return self._judge(order, sales, found)

    def _judge(self, sale, sales, findings) -> list[tuple]:
        """Return the findings about sales, with the verdict on top.

        :param sale: what it was asked about
        :param sales: what of it earns
        """
        findings = list(findings)
        documents = self.env["points.document"].sudo()
        documents = documents.union(*(one.sudo().points_document_ids for one in sales))
        moved = [part for parts in documents._read_moved().values() for part in parts]
        customer = sale.sudo()._points_partner()
        accounts = customer.points_shown_account_ids.filtered(
            lambda account: account.program_id._serves(sale.sudo().company_id)
        )
        if moved:
            verdict = (sale, say_moved_by_program(moved))
        elif (
            customer
            and not accounts
            and all(found.rank == _STRANGER for found in findings)
        ):
            verdict = self._say_no_member(customer)
        else:
            verdict = (sale, self.env._("No points."))
        return [verdict, *self._gather(findings)]

    def _say_no_member(self, customer) -> tuple:
        said = self.env._(
            "%(customer)s is not a member of any program.",
            customer=customer.display_name,
        )
        return customer, said, customer

    def _gather(self, findings) -> list[tuple]:
        """Return (record, sentence): one of each program, then those of its rules."""
        rows, ranks = {}, {}
        for found in findings:
            key = (found.program, found.record._name == "points.rule" and found.record)
            if not found.program:
                key = (0, found.record)
            record, sentences = rows.setdefault(key, (found.record, {}))
            sentences[found.sentence] = True
            rank = ranks.get(found.program, found.rank)
            ranks[found.program] = min(rank, found.rank)
        # Rules follow their program, whatever was found first.
        ordered = sorted(
            rows.items(),
            key=lambda row: (ranks[row[0][0]], row[0][0], bool(row[0][1])),
        )
        return [(record, "\n".join(said)) for _key, (record, said) in ordered]

    def _find(self, sale):
        """Yield what there is to say about one order or invoice, naming it."""
        sale = sale.sudo()
        for found in self._find_on(sale):
            if found.record != sale:
                found.sentence = f"{sale.display_name}: {found.sentence}"
            yield found

    def _find_on(self, sale):
        reason = sale._points_why_not()
        if reason:
            return [Finding(sale, reason)]
        settlement = Settlement(sale)
        if not settlement.context.programs:
            return [Finding(sale, self.env._("There is no program yet: create one."))]
        if settlement.context.states:
            settlement.read_ledger(expires=False)
        findings = list(self._check_reviews(settlement))
        for state in settlement.context.states:
            if state.is_own and not state.is_unknown:
                crediting = settlement.decisions.crediting
                told = settlement.awards.told(state)
                for facts in settlement.context.programs.values():
                    if crediting.concerns(facts, state):
                        counted = crediting.told(facts, told)
                        findings += self._check_program(settlement, facts, counted)
        if findings:
            return findings
        nothing = self.env._("No line on it earns points.")
        return [Finding(sale, nothing)]

    def _check_reviews(self, settlement):
        """Find why points of the sale still wait, or a formula failed."""
        roots = [state.root for state in settlement.context.states]
        reviews = self.env["points.review"].search(
            [("root", "in", roots), ("state", "!=", "done")]
        )
        for review in reviews:
            reason = self.env._("To review: %s", review.reason)
            yield Finding(review, reason)

    def _check_program(self, settlement, facts, state):
        program = self.env["points.program"].sudo().browse(facts.id)
        customer_id = settlement.membership.customer_id(facts, state)
        partner = self.env["res.partner"].browse(customer_id or ())
        account = settlement.membership.member_account(facts, state)
        company = settlement.context.company
        reason = "" if account else say_no_member(program, partner, company)
        if not program._serves(company):
            # The parent's program is not for everybody who works in the branch.
            yield Finding(settlement.context.sale, reason, _STRANGER)
            return
        if reason:
            place = program._get_account(partner) or program
            yield Finding(place, reason, _STRANGER, facts.id)
            return
        place = self.env["points.account"].browse(account.id) if account else program
        with settlement.limits.alone(facts, state, {}):
            result = settlement.awards.award(facts, account, state)
        if settlement.limits.unbooked:
            yield Finding(place, settlement.limits.say_unbooked(), _MEMBER, facts.id)
            settlement.limits.unbooked.clear()
            return
        said = "\n".join(AwardExplanation(self.env).explain(facts.id, result))
        if not settlement.decisions.crediting.is_due(facts.terms, state):
            said += "\n" + say_awaiting(self.env)
        rules = settlement.awards.rules_for(facts, account)
        rank = self._get_rank(rules.customer, result.basket)
        yield Finding(place, said, rank, facts.id)
        for rule, why in self._check_rules(result, rules):
            yield Finding(rule, why, rank, facts.id)

    @staticmethod
    def _get_rank(rules, basket) -> int:
        """Return where a program of the customer stands: last, if for other days."""
        other_days = {not_valid(rule, basket) for rule in rules}
        other_days -= {NOT_BEGUN, ENDED, OTHER_WEEKDAYS}
        return _MEMBER if other_days or not rules else _OTHER_DAY

    def _check_rules(self, result, rules):
        """Find, for each rule, the products it does not count for, and why."""
        names = AwardExplanation(self.env).product_names(result.basket)
        products_by_reason: dict[tuple, list[str]] = {}
        for place in result.decision.counted:
            line = result.basket.lines[place]
            found = verdicts(line, result.basket, result.decision.terms, rules)
            for verdict in found:
                if verdict.reason not in (ADMITS, COUNTS):
                    before = self._rule(verdict.before).name or ""
                    why = say_verdict(self.env, verdict, before)
                    key = (verdict.rule.id, why)
                    products_by_reason.setdefault(key, []).append(names[place])
        for (rule_id, why), products in products_by_reason.items():
            rule = self._rule(rule_id)
            words = {"rule": rule.name, "products": say_products(products), "why": why}
            yield (rule, self.env._("%(rule)s, for %(products)s: %(why)s.", **words))

    def _rule(self, rule_id):
        return self.env["points.rule"].browse(rule_id or ())

    # === A CUSTOMER === #

    def check_customer(self, partner) -> list[tuple]:
        """Return (record, sentence) about a customer and its latest sale.

        Each program is named once, with what it gave for the sale and what keeps
        its rules from counting today.
        """
        sale = self._get_latest_sale(partner)
        findings = [
            Finding(account, account._say_stray(), program=account.program_id.id)
            for account in partner._get_stray_accounts()
        ]
        findings += self._find(sale) if sale else ()
        said = {found.program for found in findings if found.rank == _STRANGER}
        Program = self.env["points.program"]
        programs = Program.search(Program._get_serving_domain(self.env.company))
        for program in programs.filtered(lambda program: program.id not in said):
            account = program._get_account(partner)
            reason = say_no_member(program, partner)
            if reason:
                place = account or program
                findings.append(Finding(place, reason, _STRANGER, program.id))
            else:
                findings += self._check_todays_rules(program, account, partner)
        accounts = partner.points_shown_account_ids.filtered(
            lambda account: account.program_id in programs
        )
        balances = ", ".join(account._get_balance_text() for account in accounts)
        verdict = (partner, balances) if accounts else self._say_no_member(partner)
        findings += self._check_parents(programs, partner)
        return [verdict, *self._gather(findings)]

    def _check_parents(self, programs, partner):
        """Find programs of a parent company that this branch does not share."""
        company = self.env.company
        parents = programs.sudo().search([("company_id", "parent_of", company.id)])
        for program in (parents - programs)[:1]:
            reason = say_no_member(program, partner, company)
            yield Finding(partner, reason, _STRANGER)

    def _check_todays_rules(self, program, account, partner):
        """Find rules that are not valid today, or are for others."""
        counting = account and account._get_effective_rules() or program.rule_ids
        rules = self.env["points.rule"]._get_rules([("id", "in", counting.ids)])
        groups = (partner | partner.commercial_partner_id).category_id
        today = program.company_id._get_points_today()
        basket = Basket(today, (), customer_groups=frozenset(groups.ids))
        rank, place = self._get_rank(rules, basket), account or program
        if not rules:
            nobody = self.env._("%s has no rule: no points are earned.", program.name)
            yield Finding(place, nobody, rank, program.id)
        for rule in rules:
            reason = not_valid(rule, basket)
            # Who will sell is not known yet.
            if reason and reason != OTHER_SELLERS:
                name = self._rule(rule.id).name
                why = say_validity(self.env, rule, reason)
                sentence = f"{program.name}, {name}: {why}."
                yield Finding(place, sentence, rank, program.id)

    def _get_latest_sale(self, partner):
        """Return the customer's latest order or invoice that gave no points."""
        ids = (partner | partner.commercial_partner_id).ids
        domain = [("company_id", "=", self.env.company.id)]
        paid = [("partner_id", "in", ids), ("state", "in", const.PAID)]
        posted = [
            ("move_type", "in", ("out_invoice", "out_receipt")),
            ("state", "=", "posted"),
            ("pos_order_ids", "=", False),
            "|",
            ("partner_id", "in", ids),
            ("invoice_line_ids.sale_line_ids.order_id.partner_id", "in", ids),
        ]
        latest = []
        for model, more, order in (
            ("pos.order", paid, "date_order desc, id desc"),
            ("account.move", posted, "invoice_date desc, id desc"),
        ):
            sales = self.env[model].sudo()
            sales = sales.search([*domain, *more], order=order, limit=_SALES)
            latest += sales.filtered(
                lambda sale: (
                    not any(
                        entry.points > 0 for entry in sale.points_document_ids.entry_ids
                    )
                )
            )[:1]
        return max(latest, key=lambda sale: sale._points_date(), default=None)
