from odoo.fields import Command

from odoo.addons.point_of_sale.tests import test_frontend


class RegisterToursCommon(test_frontend.TestPointOfSaleHttpCommon):
    """A shop with points whose register runs in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("customer_points.group_points_manager")
        cls.category = cls.env["product.category"].create({"name": "Points"})
        cls.machine = cls._make_product("Espresso Machine", 250)
        cls.coffee = cls._make_product("Coffee Cup", 4)
        cls._make_product("Coffee Machine", 100)
        cls.program = cls.env["points.program"].create(
            {
                "name": "Shop Card",
                "code": "SHOP",
                "value_per_point": 0.1,
                "loy_product_id": cls._make_product(
                    "Club Points", 1, points_type="loy", type="service"
                ).id,
                "rule_ids": [Command.create({"name": "1 point per 1.00"})],
            }
        )
        cls.five_off = cls._make_reward("Five Off", points_cost=50, value=5)
        cls._make_reward("Sixty Off", points_cost=60, value=60)
        cls._make_reward("Any Number", kind="per_point", points_cost=1)
        cls._make_reward(
            "Free Coffee", kind="gift", points_cost=30, gift_product_id=cls.coffee.id
        )
        cls._make_reward("Voucher of Ten", kind="voucher", points_cost=100, value=10)
        cls.account = cls._make_account("Anna Lindqvist", 400)
        cls._make_account("Bo Berg", 0)

    @classmethod
    def _make_product(cls, name, price, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "list_price": price,
                "taxes_id": [Command.clear()],
                "available_in_pos": True,
                "categ_id": cls.category.id,
                **values,
            }
        )

    @classmethod
    def _make_reward(cls, name, **values):
        product = cls._make_product(
            name, 0, type="service", points_type="loypay", available_in_pos=False
        )
        return cls.env["points.reward"].create(
            {
                "name": name,
                "program_id": cls.program.id,
                "product_id": product.id,
                **values,
            }
        )

    @classmethod
    def _make_account(cls, name, points):
        account = cls.env["points.account"].create(
            {
                "program_id": cls.program.id,
                "partner_id": cls.env["res.partner"].create({"name": name}).id,
            }
        )
        if points:
            cls.env["points.account.adjust"].create(
                {"account_id": account.id, "points": points, "reason": "Opening"}
            ).action_adjust()
        return account

    @classmethod
    def _make_points_method(cls):
        """Return a payment method that pays with points, on accounts of its own."""
        journal = cls.env["account.journal"].create(
            {"name": "Points Paid", "type": "bank", "code": "PTS"}
        )
        method = cls.env["pos.payment.method"].create(
            {
                "name": "Pay with Points",
                "journal_id": journal.id,
                "outstanding_account_id": journal.default_account_id.id,
                "points_program_id": cls.program.id,
            }
        )
        cls.main_pos_config.payment_method_ids += method
        return method

    def _add_program(self, name, points):
        program = self.program.copy({"name": name, "code": name.upper()})
        program.loy_product_id = False
        loypay = self._make_product(
            f"{name} Off",
            0,
            type="service",
            points_type="loypay",
            available_in_pos=False,
        )
        program.reward_ids.unlink()
        program.reward_ids = [
            Command.create(
                {
                    "name": f"{name} Off",
                    "product_id": loypay.id,
                    "points_cost": 50,
                    "value": 5,
                }
            )
        ]
        account = self.env["points.account"].create(
            {"program_id": program.id, "partner_id": self.account.partner_id.id}
        )
        if points:
            self.env["points.account.adjust"].create(
                {"account_id": account.id, "points": points, "reason": "Opening"}
            ).action_adjust()

    def _run(self, tour, config=None, **options):
        """Run a tour, then return the balance that Anna is left with."""
        config = config or self.main_pos_config
        config.with_user(self.pos_user).open_ui()
        self.start_pos_tour(tour, pos_config=config, **options)
        self.account.invalidate_recordset()
        return self.account.balance

    def _holds(self):
        return self.env["points.hold"].search([("account_id", "=", self.account.id)])
