from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common import CustomerPointsCommon
from .spending_common import SpendingCommon

#: What only code creates: documents, what they hold, holds and vouchers.
_CREATED_BY_CODE = (
    "points.document",
    "points.entry",
    "points.lot",
    "points.hold",
    "points.voucher",
)


class DefaultsCommon:
    @classmethod
    def _make_user(cls, login, groups):
        return new_test_user(
            cls.env,
            login,
            groups,
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def _set_defaults(self, user, model, **values):
        """Set personal defaults as any user may."""
        for name, value in values.items():
            self.env["ir.default"].with_user(user).set(model, name, value, True)


@tagged("post_install", "-at_install")
class TestAccountDefaults(DefaultsCommon, CustomerPointsCommon):
    """A new account holds nothing, whatever defaults say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._make_program()
        cls.old = cls._admit(cls.other_customer, cls.program)
        cls.user = cls._make_user("opener", "customer_points.group_points_user")
        manager = "customer_points.group_points_manager"
        cls.manager = cls._make_user("decider", manager)
        cls.booked = {
            "balance": 321.5,
            "version": 7,
            "merged_into_id": cls.old.id,
        }

    def _accounts(self, user, **defaults):
        context = {f"default_{name}": value for name, value in defaults.items()}
        return self.env["points.account"].with_user(user).with_context(**context)

    def _values(self):
        return {"partner_id": self.customer.id, "program_id": self.program.id}

    def assertHoldsNothing(self, account):
        account.invalidate_recordset()
        self.assertPoints(account, 0)
        self.assertRecordValues(
            account, [{"balance": 0, "version": 0, "merged_into_id": False}]
        )

    def test_defaults_of_the_context_give_a_new_account_nothing(self):
        account = self._accounts(self.user, **self.booked).create(self._values())

        self.assertHoldsNothing(account)

    def test_defaults_give_nothing_through_the_form_the_import_and_web_save(self):
        accounts = self._accounts(self.user, **self.booked)
        external = self.customer.export_data(["id"])["datas"][0][0]
        program = self.program.export_data(["id"])["datas"][0][0]

        def by_form():
            form = Form(accounts)
            form.program_id = self.program
            form.partner_id = self.customer
            return form.save()

        def by_import():
            names = ["partner_id/id", "program_id/id"]
            return accounts.browse(accounts.load(names, [[external, program]])["ids"])

        def by_client():
            values = accounts.web_save(self._values(), {"id": {}})
            return accounts.browse(values[0]["id"])

        for create in (by_form, by_import, by_client):
            with self.subTest(create.__name__), self.env.cr.savepoint() as savepoint:
                self.assertHoldsNothing(create())
                savepoint.rollback()

    def test_personal_defaults_give_a_new_account_nothing(self):
        self._set_defaults(self.user, "points.account", **self.booked)

        account = self._accounts(self.user).create(self._values())

        self.assertHoldsNothing(account)

    def test_a_copy_holds_nothing(self):
        self._adjust(60, self.old)

        account = self.old.copy({"partner_id": self.customer.id})

        self.assertHoldsNothing(account)

    def test_defaults_set_targets_for_managers_only(self):
        for name in ("minimum_target", "qualifying_target"):
            with self.subTest(name), self.assertRaisesRegex(AccessError, "manager"):
                self._accounts(self.user, **{name: 0.5}).create(self._values())

        accounts = self._accounts(self.manager, minimum_target=40)
        self.assertEqual(accounts.create(self._values()).minimum_target, 40)

    def test_personal_defaults_set_targets_for_managers_only(self):
        self._set_defaults(self.user, "points.account", minimum_target=3)

        with self.assertRaisesRegex(AccessError, "manager"):
            self._accounts(self.user).create(self._values())

    def test_a_contact_by_default_gets_the_account_of_its_company(self):
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.customer.id}
        )
        accounts = self._accounts(
            self.user, partner_id=contact.id, program_id=self.program.id
        )

        account = accounts.create({})

        self.assertEqual(account.partner_id, self.customer.commercial_partner_id)
        self.assertEqual(account.program_id, self.program)

    def test_a_plain_user_sets_defaults_for_nobody_else(self):
        Default = self.env["ir.default"].with_user(self.user)
        for user_id in (False, self.manager.id):
            with self.subTest(user_id), self.assertRaises(AccessError):
                Default.set("points.program", "decimals", 3, user_id)


@tagged("post_install", "-at_install")
class TestLedgerDefaults(DefaultsCommon, SpendingCommon):
    """What a sale books is what the engine says, whoever sells, with any settings."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = cls._make_user(
            "seller", "base.group_user,point_of_sale.group_pos_user"
        )
        cls.voucher = cls._make_reward("voucher", 2, 15)
        cls.percent = cls._make_reward("block", 3, 4)
        invoice = cls._invoice(cls, (cls.cake, 1, 1))
        cls.hostile = {
            "points.document": {
                "reason": "A present from me",
                "move_id": invoice.id,
                "next_expiry": {"9": 9},
            },
            "points.entry": {
                "taken_from": "no origin at all",
                "root": "pos:77",
                "number": 12,
                "available_on": "2031-01-01",
                "expires_on": "2001-01-01",
            },
            "points.lot": {
                "root": "pos:78",
                "expires_on": "2001-02-01",
                "available_on": "2032-01-01",
            },
            "points.voucher": {
                "code": "SAME",
                "state": "used",
                "used_by": "pos:79",
                "held_by": "pos:80",
                "expires_on": "2001-03-01",
            },
        }
        for model, values in cls.hostile.items():
            cls._set_defaults(cls, cls.cashier, model, **values)

    def _sync(self, data):
        """Sell as the cashier whose defaults are hostile, in such a context too."""
        context = {
            f"default_{name}": value
            for values in self.hostile.values()
            for name, value in values.items()
            if name not in ("state", "date")
        }
        orders = self.env["pos.order"].with_user(self.cashier).with_context(**context)
        orders.sync_from_ui([data])
        return self.env["pos.order"].search([("uuid", "=", data["uuid"])])

    def test_nothing_of_a_cashiers_defaults_is_booked(self):
        order = self._sell((self.cake, 3))

        document = order.points_document_ids
        entry = document.entry_ids
        lot = self.env["points.lot"].search([("entry_id", "=", entry.id)])
        self.assertPoints(self.account, 3)
        self.assertRecordValues(document, [{"reason": False, "move_id": False}])
        self.assertRecordValues(
            entry,
            [
                {
                    "root": f"pos:{order.id}",
                    "number": 1,
                    "taken_from": False,
                    "available_on": False,
                    "expires_on": False,
                }
            ],
        )
        self.assertRecordValues(
            lot,
            [{"root": f"pos:{order.id}", "expires_on": False, "available_on": False}],
        )

    def test_a_refund_of_a_sale_with_a_reward_is_settled(self):
        self._adjust(8)
        order = self._buy([(self.cake, 1)], (self.percent, 1, -4))
        self.assertPoints(self.account, 8 - 3)

        self._refund(order)

        self.assertPoints(self.account, 8)
        self.assertFalse(
            self.env["points.review"].search([("state", "=", "to_settle")])
        )

    def test_vouchers_that_are_bought_have_codes_of_their_own_and_are_open(self):
        self._adjust(50)

        self._buy([(self.cake, 1)], (self.voucher, 2, 0))

        vouchers = self.account.voucher_ids
        self.assertEqual(len(set(vouchers.mapped("code")) - {"SAME"}), 2)
        self.assertEqual(set(vouchers.mapped("state")), {"open"})
        self.assertFalse(any(vouchers.mapped("used_by")))
        self.assertGreater(min(vouchers.mapped("expires_on")), vouchers[0].date)

    def test_what_code_creates_has_no_defaults_but_its_own(self):
        for name in _CREATED_BY_CODE:
            fields = list(self.env[name]._fields)
            before = self.env[name].default_get(fields)
            before.pop("code", None)
            context = {f"default_{field}": "hostile" for field in fields}
            model = self.env[name].with_user(self.cashier).with_context(**context)
            with self.subTest(name):
                found = model.default_get([*fields, "unknown"])
                self.assertNotIn(found.pop("code", None), ("SAME", "hostile"))
                self.assertEqual(found, before)

    def test_a_company_gets_its_numbers_whatever_the_defaults(self):
        company = self.env["res.company"].create({"name": "New"})
        Document = self.env["points.document"]
        hostile = {"default_active": False, "default_company_id": self.company.id}

        Document.with_context(**hostile)._ensure_sequences(company)

        sequence = Document._get_sequence(company.id)
        self.assertTrue(sequence.active)
        self.assertEqual(sequence.company_id, company)

    def test_users_create_no_row_of_the_ledger_by_defaults(self):
        for name in _CREATED_BY_CODE:
            model = self.env[name].with_user(self.cashier)
            with self.subTest(name), self.assertRaises(UserError):
                model.with_context(default_points=5).create({})
