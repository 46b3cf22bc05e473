from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import CustomerPointsCommon

_LEDGER = ("points.document", "points.entry", "points.lot", "points.review")
_TABLES = (
    "points.program",
    "points.rule",
    "points.account",
    "points.sell.group",
    "points.template",
    "points.reward",
    "points.voucher",
    "points.adjustment",
)
_DIALOGS = (
    "points.account.adjust",
    "points.account.block",
    "points.account.transfer",
    "points.adjustment.refuse",
    "points.account.allocate",
    "points.account.print",
    "points.account.save.template",
    "points.account.use.template",
    "points.category.print",
    "points.check",
    "points.program.preview",
    "points.program.print",
)


@tagged("post_install", "-at_install")
class TestAccessRights(CustomerPointsCommon):
    """Who may do what; whole flows as the user with the lowest rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program()
        cls.account = cls._admit(cls.customer, cls.program)
        companies = {
            "company_id": cls.company.id,
            "company_ids": [(6, 0, cls.company.ids)],
        }
        cls.cashier = new_test_user(
            cls.env,
            "cashier",
            "base.group_user,point_of_sale.group_pos_user",
            **companies,
        )
        cls.clerk = new_test_user(
            cls.env,
            "clerk",
            "base.group_user,account.group_account_invoice",
            **companies,
        )
        cls.user = new_test_user(
            cls.env, "reader", "customer_points.group_points_user", **companies
        )
        cls.manager = new_test_user(
            cls.env, "keeper", "customer_points.group_points_manager", **companies
        )

    def test_c05_cashier_sells_and_sees_no_table_of_points(self):
        data = self._order_data([(self.cake, 1)], self.customer)

        result = self.env["pos.order"].with_user(self.cashier).sync_from_ui([data])

        self.assertPoints(self.account, 100)
        self.assertFalse(
            [name for name in result["pos.order"][0] if name.startswith("points_")]
        )
        for model in (*_TABLES, *_LEDGER, *_DIALOGS):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(self.cashier).search([]).read(
                    ["display_name"]
                )

    def test_cashier_cannot_send_points(self):
        data = self._order_data([(self.cake, 1)], self.customer, points_earned=10**6)
        data["points_document_ids"] = [(0, 0, {"name": "forged"})]

        self.env["pos.order"].with_user(self.cashier).sync_from_ui([data])

        self.assertPoints(self.account, 100)

    def test_cashier_cannot_inflate_lines_beyond_what_was_paid(self):
        data = self._order_data([(self.cake, 1)], self.customer)
        data["lines"][0][2].update(price_subtotal=10**6, price_subtotal_incl=10**6)

        self.env["pos.order"].with_user(self.cashier).sync_from_ui([data])

        self.assertPoints(self.account, 100)

    def test_cashier_cannot_settle_or_post_by_rpc(self):
        order = self._sell((self.cake, 1))
        for record, name in (
            (order, "_points_settle"),
            (self.env["points.document"], "_post"),
            (self.env["points.document"], "_expire_account"),
            (self.env["points.entry"], "init"),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                self._call_by_rpc(record.with_user(self.cashier), name)

    def _call_by_rpc(self, record, name):
        from odoo.service.model import call_kw  # noqa: PLC0415

        call_kw(record, name, [record.ids], {})

    def test_invoicing_clerk_posts_and_credits_without_rights_on_points(self):
        invoice = self._invoice((self.cake, 2, 100), post=False).with_user(self.clerk)

        invoice.action_post()
        self.assertPoints(self.account, 200)
        self._credit(invoice)

        self.assertPoints(self.account, 0)

    def test_points_user_reads_and_allocates_but_changes_no_rules(self):
        self._sell((self.cake, 1))
        for model in (*_TABLES, *_LEDGER):
            self.env[model].with_user(self.user).search([]).read(["display_name"])

        self.env["points.account"].with_user(self.user).create(
            {"partner_id": self.other_customer.id, "program_id": self.program.id}
        )

        with self.assertRaises(AccessError):
            self.program.with_user(self.user).name = "Mine"
        with self.assertRaises(AccessError):
            self.program.rule_ids.with_user(self.user).rate_stock = 99
        with self.assertRaises(AccessError):
            self._adjust_as(self.user)

    def test_c05_points_user_sets_no_targets_and_no_template(self):
        template = self.env["points.template"].create(
            {"name": "T", "program_id": self.program.id}
        )
        account = self.account.with_user(self.user)
        for values in (
            {"minimum_target": 1},
            {"qualifying_target": 1},
            {"template_id": template.id},
        ):
            with self.subTest(values), self.assertRaisesRegex(AccessError, "manager"):
                account.write(values)
        with self.assertRaisesRegex(AccessError, "manager"):
            account.create(
                {
                    "partner_id": self.other_customer.id,
                    "program_id": self.program.id,
                    "minimum_target": 1,
                }
            )
        account._block("Test")

        self.account.with_user(self.manager).minimum_target = 1

        self.assertEqual(self.account.minimum_target, 1)

    def test_what_others_try_is_theirs(self):
        tried = self.env["points.program.preview"].create(
            {
                "program_id": self.program.id,
                "line_ids": [(0, 0, {"product_id": self.cake.id})],
            }
        )
        for records in (tried, tried.line_ids):
            with self.subTest(records._name), self.assertRaises(AccessError):
                records.with_user(self.user).read(["create_uid"])
            with self.subTest(records._name), self.assertRaises(AccessError):
                records.with_user(self.user).unlink()

    def test_manager_sets_rules_and_adjusts_with_a_reason(self):
        self.program.rule_ids.with_user(self.manager).rate_stock = 2
        self._adjust_as(self.manager)

        self.assertPoints(self.account, 7)
        document = self.account.entry_ids.document_id
        self.assertEqual(document.create_uid, self.manager)

    def test_only_a_manager_settles_reviews(self):
        self.env["points.review"]._add_overdrawn(self.account)
        review = self.env["points.review"].search([])

        with self.assertRaises(AccessError):
            review.with_user(self.cashier).action_settle()
        with self.assertRaises(AccessError):
            review.with_user(self.user).action_settle()
        review.with_user(self.manager).action_settle()

    def test_nobody_writes_the_ledger(self):
        self._sell((self.cake, 1))
        for user in (
            self.cashier,
            self.user,
            self.manager,
            self.env.ref("base.user_admin"),
        ):
            for model in _LEDGER[:3]:
                records = self.env[model].with_user(user)
                with self.subTest(user=user.login, model=model):
                    with self.assertRaises(UserError):
                        records.create({})
                    with self.assertRaises(UserError):
                        records.browse(1).write({"id": 1})
                    with self.assertRaises(UserError):
                        self.env[model].search([], limit=1).with_user(user).unlink()

    def test_other_companies_see_nothing(self):
        self._sell((self.cake, 1))
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "customer_points.group_points_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for model in (*_TABLES, *_LEDGER[:3]):
            with self.subTest(model):
                found = self.env[model].with_user(stranger).search([])
                self.assertFalse(found.filtered("id") & self.env[model].search([]))

    def test_portal_user_has_no_access(self):
        portal = new_test_user(self.env, "portal_points", "base.group_portal")
        for model in (*_TABLES, *_LEDGER):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(portal).search([])

    def _adjust_as(self, user):
        values = {"account_id": self.account.id, "points": 7, "reason": "Forgotten"}
        self.env["points.account.adjust"].with_user(user).create(values).action_adjust()
