from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .spending_common import SpendingCommon


@tagged("post_install", "-at_install")
class TestPointsCompanies(SpendingCommon):
    """What a company promised stays in it, and is told to those who work there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create(
            {"name": "Other", "currency_id": cls.env.company.currency_id.id}
        )
        cls.env.user.company_ids |= cls.other
        cls.reward = cls._make_reward("block", 4, 6)
        cls.foreign = cls._make_program(name="Foreign Card", company_id=cls.other.id)
        cls.foreign_account = cls._admit(cls.customer, cls.foreign)
        for account, points in ((cls.account, 70), (cls.foreign_account, 1234)):
            cls._adjust(cls, points, account)
        groups = "point_of_sale.group_pos_user,sales_team.group_sale_salesman"
        cls.user = new_test_user(
            cls.env,
            "of_one_company",
            groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.manager = new_test_user(
            cls.env,
            "of_both",
            f"{groups},customer_points.group_points_manager",
            company_id=cls.other.id,
            company_ids=[Command.set((cls.company | cls.other).ids)],
        )

    def _voucher(self, account, code):
        Voucher = self.env["points.voucher"].sudo()
        return Voucher.create(
            {
                "code": code,
                "account_id": account.id,
                "document_id": account.entry_ids[:1].document_id.id,
                "date": "2026-03-15",
                "value": 5,
                "reward_id": self.reward.id,
            }
        )

    def _hold(self, account, key, points=9):
        Hold = self.env["points.hold"]
        until = fields.Datetime.now() + timedelta(minutes=30)
        Hold._put(account, key, points, {}, until)
        return Hold.search([("key", "=", key), ("account_id", "=", account.id)])

    # === WHAT IS TOLD === #

    def test_a_salesperson_learns_no_balance_of_another_company(self):
        Order = self.env["sale.order"].with_user(self.user)

        def told(company):
            values = {"partner_id": self.customer.id, "company_id": company.id}
            spec = {"points_progress_text": {}, "partner_id": {}, "company_id": {}}
            return Order.onchange(values, [], spec)["value"]["points_progress_text"]

        self.assertIn("70 points", told(self.company))
        self.assertNotIn("1,234", told(self.other) or "")
        self.assertNotIn("Foreign", told(self.other) or "")

    def test_a_voucher_of_another_company_is_unknown_whatever_the_context(self):
        voucher = self._voucher(self.foreign_account, "AB-CD-1")
        key = self._new_order()[1]
        vouchers = self.env["points.voucher"].with_user(self.user)

        refused = vouchers.points_take("AB-CD-1", key)["refused"]

        self.assertIn("oucher", refused)
        self.assertFalse(voucher.held_by)

    def test_a_voucher_is_taken_for_orders_of_its_own_company_only(self):
        self._voucher(self.foreign_account, "AB-CD-2")
        self._voucher(self.account, "AB-CD-3")
        self.open_new_session()
        sale = {"session_id": self.config.current_session_id.id}
        vouchers = (
            self.env["points.voucher"]
            .with_user(self.manager)
            .with_context(allowed_company_ids=[self.other.id, self.company.id])
        )

        foreign = vouchers.points_take("AB-CD-2", self._new_order()[1], sale)
        own = vouchers.points_take("AB-CD-3", self._new_order()[1], sale)

        self.assertIn("oucher", foreign["refused"])
        self.assertFalse(own["refused"])

    def test_a_foreign_context_gives_no_voucher_of_another_company(self):
        self._voucher(self.foreign_account, "AB-CD-4")
        vouchers = (
            self.env["points.voucher"]
            .with_user(self.user)
            .with_context(allowed_company_ids=self.other.ids)
        )

        with self.assertRaises(AccessError):
            vouchers.points_take("AB-CD-4", self._new_order()[1])
        with self.assertRaises(AccessError):
            vouchers.points_give_back("AB-CD-4", self._new_order()[1])

    def test_the_summary_of_an_order_is_of_its_company(self):
        self.open_new_session()
        identity, key = self._new_order()
        sale = {"session_id": self.config.current_session_id.id, "uuid": identity}
        customer = self.customer.with_user(self.manager).with_context(
            allowed_company_ids=[self.other.id, self.company.id]
        )

        accounts = customer.points_summary(key, sale)["accounts"]

        self.assertEqual([told["id"] for told in accounts], self.account.ids)

    # === WHAT IS HELD === #

    def test_nobody_gives_back_what_is_held_in_another_company(self):
        key = self._new_order()[1]
        foreign = self._hold(self.foreign_account, key)
        own = self._hold(self.account, key)

        self.env["points.account"].with_user(self.user).points_release(key)

        self.assertTrue(foreign.exists())
        self.assertFalse(own.exists())

    def test_nobody_keeps_what_is_held_in_another_company(self):
        identity, key = self._new_order()
        foreign = self._hold(self.foreign_account, key)
        own = self._hold(self.account, key)
        (foreign | own).sudo().expires_at = soon = "2099-01-01 00:00:00"
        sale = {"uuid": identity, "lines": [{"points_reward_id": self.reward.id}]}

        self.env["pos.order"].with_user(self.user).points_preview(sale)

        self.assertNotEqual(str(own.expires_at), soon)
        self.assertEqual(str(foreign.expires_at), soon)

    def test_points_of_another_company_are_not_reserved_for_an_order(self):
        self.open_new_session()
        sale = {"session_id": self.config.current_session_id.id}
        for account, is_refused in (
            (self.account, False),
            (self.foreign_account, True),
        ):
            account = account.with_user(self.manager).with_context(
                allowed_company_ids=[self.other.id, self.company.id]
            )
            reward = False if is_refused else self.reward.id
            with self.subTest(account.id):
                answer = account.points_reserve(self._new_order()[1], reward, 1, sale)
                self.assertEqual(bool(answer["refused"]), is_refused)

    def test_points_are_not_reserved_for_an_order_that_is_another_companys(self):
        identity, key = self._new_order()
        order = self._sync(
            self._order_data([(self.cake, 1)], state="draft", uuid=identity)
        )
        self.env.cr.execute(
            "UPDATE pos_order SET company_id = %s WHERE id = %s",
            (self.other.id, order.id),
        )
        order.invalidate_recordset()

        answer = self._reserve(self.reward, key=key)

        self.assertIn("another company", answer["refused"])

    # === ORDERS === #

    def test_a_line_keeps_the_reward_that_its_orders_company_offers(self):
        self._adjust(5, self.account)
        data = self._order_data([(self.cake, 1)], self.customer)
        line = self._reward_line(self.reward, 1, -6)
        data["lines"].append(line)
        for name in ("amount_total", "amount_paid"):
            data[name] -= 6
        data["payment_ids"][0][2]["amount"] -= 6
        orders = self.env["pos.order"].with_user(self.manager)

        orders.with_context(
            allowed_company_ids=[self.other.id, self.company.id]
        ).sync_from_ui([data])

        order = self.env["pos.order"].search([("uuid", "=", data["uuid"])])
        self.assertEqual(order.lines.points_reward_id, self.reward)

    def test_a_line_loses_the_reward_of_another_company(self):
        line = {"points_reward_id": self.reward.id, "qty": 1}

        self.env["pos.order.line"]._points_clean([(0, 0, line)], self.other)

        self.assertEqual(line, {"qty": 1})

    # === WHAT A PROGRAM KEEPS === #

    def test_a_program_with_points_keeps_company_currency_and_mode(self):
        for values, word in (
            ({"company_id": self.other.id}, "Company"),
            ({"currency_id": self.env.ref("base.JPY").id}, "Currency"),
            ({"mode": "value"}, "Customers Collect"),
        ):
            with (
                self.subTest(word),
                self.assertRaisesRegex(ValidationError, f"^{word}: "),
            ):
                self.program.write(values)

    def test_a_program_with_accounts_keeps_its_company_as_managers_see_it(self):
        program = self._make_program()
        account = self._admit(self.other_customer, program)
        managed = program.with_user(self.manager).with_context(
            allowed_company_ids=[self.company.id, self.other.id]
        )

        with self.assertRaisesRegex(ValidationError, "^Company: "):
            managed.company_id = self.other

        managed.mode = "value"
        self.assertEqual(account.company_id, self.company)

    def test_a_new_program_may_change_and_an_old_one_be_saved_as_it_is(self):
        program = self._make_program()

        program.write({"company_id": self.other.id, "mode": "value"})
        self.program.write(
            {
                "mode": self.program.mode,
                "company_id": self.program.company_id.id,
                "currency_id": self.program.currency_id.id,
                "name": "New Name",
            }
        )

        self.assertEqual(program.company_id, self.other)
        self.assertEqual(self.program.name, "New Name")
