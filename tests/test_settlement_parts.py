"""The parts of a settlement, each by itself."""

from decimal import Decimal

from odoo.tests import tagged

from odoo.addons.customer_points.engine.numbers import EngineError
from odoo.addons.customer_points.settlement import balances
from odoo.addons.customer_points.settlement.awards import Awards
from odoo.addons.customer_points.settlement.context import Context
from odoo.addons.customer_points.settlement.limits import Limits, OutOfRange
from odoo.addons.customer_points.settlement.lots import Lots, missing_of
from odoo.addons.customer_points.settlement.membership import Membership
from odoo.addons.customer_points.settlement.settlement import Settlement
from odoo.addons.customer_points.settlement.snapshot import AccountState

from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestSettlementParts(CustomerPointsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program(membership="everyone")

    def setUp(self):
        super().setUp()
        self.env.company.points_active = False
        self.order = self._sell((self.cake, 3))
        self.env.company.points_active = True
        self.settlement = Settlement(self.order)
        self.context = self.settlement.context
        (self.state,) = self.context.states
        (self.facts,) = self.context.programs.values()

    def _membership(self):
        self.settlement.read_ledger()
        return self.settlement.membership

    # === CONTEXT === #

    def test_the_context_knows_the_roots_of_a_sale_and_its_programs(self):
        self.assertTrue(self.context.has_work)
        self.assertEqual(self.context.roots, [f"pos:{self.order.id}"])
        self.assertEqual(self.context.company_of(self.facts), self.env.company)
        self.assertEqual(self.context.sale_of(self.state), self.order)
        self.assertEqual(self.context.currency_rate(self.facts, self.state), 1)
        self.assertFalse(self.context.evidence_of("pos:0"))

    def test_only_the_sales_own_root_is_counted_anew(self):
        context = Context(self.order, is_anew=True)

        self.assertTrue(context.is_counted_anew(context.states[0]))
        self.assertFalse(self.context.is_counted_anew(self.state))

    def test_programs_of_a_company_that_is_switched_off_rest(self):
        self.env.company.points_active = False

        (facts,) = Context(self.order).programs.values()

        self.assertFalse(facts.is_active or facts.serves)

    # === MEMBERSHIP === #

    def test_a_customer_without_account_may_get_one(self):
        membership = self._membership()

        self.assertIsNone(membership.member_account(self.facts, self.state))
        self.assertTrue(membership.may_open(self.facts, self.state))

        account = membership.open_account(self.facts, self.state)

        self.assertEqual(account.partner_id, self.customer.commercial_partner_id.id)
        self.assertFalse(membership.may_open(self.facts, self.state))
        found = self.env["points.account"].browse(account.id)
        self.assertEqual(found.program_id, self.program)

    def test_a_dry_settlement_opens_no_account(self):
        context = Context(self.order, is_dry=True)

        account = Membership(context).open_account(self.facts, context.states[0])

        self.assertLess(account.id, 0)
        self.assertFalse(self.program.account_ids)

    def test_a_blocked_account_holds_nothing_new(self):
        self._admit(self.customer, self.program)._block("Test")
        membership = self._membership()

        self.assertTrue(membership.owner_account(self.facts, self.state))
        self.assertIsNone(membership.member_account(self.facts, self.state))

    # === AWARDS === #

    def test_an_award_is_kept_for_who_asks_what_the_sale_earns(self):
        awards = self.settlement.awards

        found = awards.award(self.facts, None, awards.told(self.state))

        self.assertEqual(found.points, 300)
        self.assertEqual(awards.given, {self.program.id: found})

    def test_rules_of_a_customer_stand_before_those_of_the_program(self):
        account = self._admit(self.customer, self.program)
        rule = self.env["points.rule"].create(
            {"name": "Own", "account_id": account.id, "rate_stock": 4}
        )
        membership = self._membership()
        state = membership.owner_account(self.facts, self.state)

        rules = Awards(self.context, membership).rules_for(self.facts, state)

        self.assertEqual([found.id for found in rules.customer], [rule.id])

    # === LIMITS === #

    def test_what_cannot_be_counted_stops_no_other_program(self):
        limits, targets = Limits(self.context), {}

        with limits.alone(self.facts, self.state, targets):
            raise EngineError("provoked")

        self.assertEqual(limits.unbooked_in(self.state.root), [self.program.id])
        self.assertEqual(targets, {})
        self.assertIn(self.program.name, limits.say_unbooked())

    def test_a_row_that_the_ledger_cannot_hold_is_refused(self):
        account = AccountState(1, self.program.id, 1, is_active=True)

        Limits.check_row(self.facts, account, {"points": Decimal(10**10)})
        with self.assertRaises(OutOfRange):
            Limits.check_row(self.facts, account, {"points": Decimal(10**10 + 1)})

    # === DECISIONS AND ENTRIES === #

    def test_what_accounts_should_hold_comes_with_its_evidence(self):
        self.settlement.read_ledger()

        targets = self.settlement.decisions.earned_targets(self.state)

        self.assertEqual([target.points for target in targets.values()], [300])
        evidence = self.context.new_evidence[self.state.root]
        self.assertEqual(evidence.programs, {self.program.id})
        self.assertEqual(evidence.customer, self.customer.id)

    def test_rows_bring_accounts_to_what_they_should_hold(self):
        self.settlement.read_ledger()

        (row,) = self.settlement.entries.all_entries()

        self.assertEqual((row["kind"], row["points"]), ("earn", 300))
        self.assertEqual((row["root"], row["number"]), (self.state.root, 1))

        self.settlement.post()
        again = Settlement(self.order)
        again.read_ledger()
        (row,) = again.entries.all_entries()
        self.assertEqual(row["points"], 0)

    def test_nothing_is_spent_where_nothing_takes_points(self):
        self.settlement.read_ledger()

        spending = self.settlement.spending

        self.assertEqual(spending.takings(self.state), [])
        self.assertFalse(any(spending.spent_targets(self.state).values()))
        self.assertIsNone(spending.held)

    # === BALANCES AND LOTS === #

    def test_a_balance_changes_only_as_far_as_it_is_there(self):
        account = self._admit(self.customer, self.program)
        self._adjust(40, account)
        today = account.company_id._get_points_today()

        def change(points):
            changes = {account.id: Decimal(points)}
            return balances.change_balances(self.env, changes, today, True).after

        self.assertEqual(change(-41), {})
        self.assertEqual(change(-40)[account.id], (0, False))
        self.assertTrue(balances.lock_if_affordable(account, 0, "pos:x", today))
        self.assertFalse(balances.lock_if_affordable(account, 1, "pos:x", today))

    def test_lots_are_planned_before_rows_are_stored(self):
        account = self._admit(self.customer, self.program)
        self.settlement.post()
        today = account.company_id._get_points_today()
        lots = Lots(self.env, today, {})
        row = {"account_id": account.id, "kind": "redeem", "points": Decimal(-120)}

        lots.plan([row], {account.id: Decimal(300)})

        self.assertEqual(lots.new_lots, [None])
        lot = self.env["points.lot"].search([("account_id", "=", account.id)])
        self.assertEqual(lot.remaining, 180)
        missing = missing_of(self.env, account.id, [self.state.root])
        self.assertEqual(missing, {self.state.root: 120})
