"""Recalculating shows what it would change, and asks."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestPointsRecalculate(CustomerPointsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program(name="Card")
        cls.second = cls._make_program({"rate_stock": 2}, name="Club")
        cls.account = cls._admit(cls.customer, cls.program)
        cls.other = cls._admit(cls.customer, cls.second)

    def _ask(self, sales):
        return self._question(sales.action_recalculate_points())

    def _lines(self, sales):
        """Return what is shown: (program, before, after)."""
        shown = self._ask(sales).line_ids
        return [(line.program, line.before_text, line.after_text) for line in shown]

    def _made_on(self, program, day):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE points_program SET create_date = %s WHERE id = %s",
            (day, program.id),
        )
        program.invalidate_recordset()
        program._forget_facts()

    # === SHOWN AND ASKED === #

    def test_it_shows_before_and_after_and_books_nothing(self):
        order = self._sell((self.cake, 3))
        self.program.rule_ids.rate_stock = 4

        lines = self._lines(order)

        self.assertEqual(
            lines,
            [
                ("Card", "300 points", "1,200 points"),
                ("Club", "600 points", "600 points"),
            ],
        )
        self.assertPoints(self.account, 300)
        self.assertEqual(len(order.points_document_ids), 1)

    def test_what_was_shown_is_booked_once_it_is_confirmed(self):
        invoice = self._invoice((self.cake, 5, 100))
        self._credit(invoice, {self.cake: 2})
        self.program.rule_ids.rate_stock = 3
        self.second.rule_ids.rate_stock = 0.5
        question = self._ask(invoice)

        result = question.action_confirm()

        self.assertEqual(
            question.line_ids.mapped("after_text"), ["900 points", "150 points"]
        )
        self.assertPoints(self.account, 900)
        self.assertPoints(self.other, 150)
        self.assertIn("Card: 900 points", result["params"]["message"])

    def test_several_sales_are_shown_together_and_booked_together(self):
        invoices = self._invoice((self.cake, 1, 100)) | self._invoice(
            (self.cake, 2, 100)
        )
        self.program.rule_ids.rate_stock = 2
        question = self._ask(invoices)
        self.assertEqual(len(question.line_ids), 4)
        self.assertEqual(
            set(question.line_ids.mapped("subject")),
            set(invoices.mapped("display_name")),
        )

        question.action_confirm()

        self.assertPoints(self.account, 600)

    def test_lists_of_orders_and_invoices_have_the_action(self):
        for name in ("pos_order", "account_move"):
            action = self.env.ref(f"customer_points.points_recalculate_action_{name}")
            sale = (
                self._sell((self.cake, 1))
                if name == "pos_order"
                else self._invoice((self.cake, 1, 100))
            )
            with self.subTest(name):
                asked = action.with_context(
                    active_model=sale._name, active_ids=sale.ids
                ).run()
                self.assertEqual(asked["res_model"], "points.recalculate")
                self.assertEqual(len(self._question(asked).line_ids), 2)

    def test_what_changed_in_between_is_asked_again(self):
        order = self._sell((self.cake, 2))
        self.program.rule_ids.rate_stock = 2
        question = self._ask(order)
        self.program.rule_ids.rate_stock = 30

        again = self._question(question.action_confirm())

        self.assertPoints(self.account, 200)
        self.assertIn("has changed", again.note)
        self.assertIn("6,000 points", again.line_ids.mapped("after_text"))
        again.action_confirm()
        self.assertPoints(self.account, 6000)

    def test_what_cannot_be_booked_is_told_before(self):
        invoice = self._invoice((self.cake, 1, 900_000_000))
        self.second.rule_ids.rate_stock = 77

        question = self._ask(invoice)

        self.assertIn("Club was not posted", question.note)
        self.assertEqual(question.line_ids.mapped("change"), [0, 0])

    # === PROGRAMS OF THAT DAY === #

    def test_programs_younger_than_the_sale_do_not_count(self):
        invoice = self._invoice((self.cake, 1, 100), day="2026-05-06")
        young = self._make_program({"rate_stock": 9}, name="Young")
        account = self._admit(self.customer, young)
        for begins, made, points in (
            (False, "2026-05-07 12:00:00", 0),
            ("2026-05-07", "2026-05-01 12:00:00", 0),
            ("2026-05-01", "2026-05-07 12:00:00", 0),
            (False, "2026-05-06 12:00:00", 900),
        ):
            self._made_on(young, made)
            young.date_from = begins
            with self.subTest(begins=begins, made=made):
                self._recalculate(invoice)
                self.assertPoints(account, points)
        self.assertPoints(self.account, 100)

    def test_programs_that_had_ended_do_not_count(self):
        invoice = self._invoice((self.cake, 1, 100), day="2026-05-06")
        ended = self._make_program(name="Ended", date_to="2026-05-05")
        account = self._admit(self.customer, ended)
        self._made_on(ended, "2026-04-01 12:00:00")

        self.assertNotIn("Ended", str(self._lines(invoice)))
        self._recalculate(invoice)
        self.assertPoints(account, 0)

    def test_a_program_that_gave_points_for_an_earlier_day_goes_on_to_count(self):
        invoice = self._invoice((self.cake, 1, 100), day="2026-05-06")
        self.program.rule_ids.rate_stock = 5

        self._recalculate(invoice)

        self.assertPoints(self.account, 500)

    def test_asking_opens_no_account(self):
        everyone = self._make_program(name="All", membership="everyone")
        self._made_on(everyone, "2026-01-01 12:00:00")
        everyone.active = False
        invoice = self._invoice((self.cake, 1, 100))
        everyone.active = True

        self.assertIn(("All", "0 points", "100 points"), self._lines(invoice))
        self.assertFalse(everyone.account_ids)

        self._recalculate(invoice)
        self.assertPoints(everyone.account_ids, 100)

    # === WHO MAY === #

    def test_only_who_was_asked_and_may_confirms(self):
        invoice = self._invoice((self.cake, 1, 100))
        question = self._ask(invoice)
        manager = "account.group_account_invoice,customer_points.group_points_manager"
        clerk = "account.group_account_invoice,customer_points.group_points_user"
        for number, groups in enumerate((manager, clerk)):
            user = new_test_user(self.env, f"asked_{number}", groups)
            with self.subTest(groups), self.assertRaises(AccessError):
                question.with_user(user).action_confirm()

    def test_nobody_makes_or_changes_a_question_by_hand(self):
        invoice = self._invoice((self.cake, 1, 100))
        question = self._ask(invoice)
        with self.assertRaises(AccessError):
            question.write({"res_ids": []})
        with self.assertRaises(AccessError):
            self.env["points.recalculate"].create(
                {"res_model": "account.move", "res_ids": invoice.ids, "shown": []}
            )
