from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import CustomerPointsCommon


@tagged("post_install", "-at_install")
class TestPointsCache(CustomerPointsCommon):
    """What is kept in memory for everybody does not depend on who asks first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        tax = cls.env["account.tax"].create(
            {"name": "Old", "amount": 50, "amount_type": "percent", "active": False}
        )
        loy = cls._make_loy(30, tax)
        cls.tag = cls.env["res.partner.category"].create({"name": "Old friends"})
        seller = new_test_user(cls.env, "gone", "base.group_user")
        group = cls.env["points.sell.group"].create(
            {
                "name": "Group",
                "product_tmpl_ids": [Command.set(cls.cake.product_tmpl_id.ids)],
                "tag_ids": [Command.create({"name": "Tag"})],
            }
        )
        cls.program = cls._make_program(
            {"method": "loy"},
            {
                "method": "percent",
                "applies_to": "sell_group",
                "sell_group_id": group.id,
                "customer_group_ids": [Command.set(cls.tag.ids)],
                "salesperson_ids": [Command.set(seller.ids)],
            },
            loy_product_id=loy.id,
        )
        cls.template = cls.env["points.template"].create(
            {"name": "T", "program_id": cls.program.id}
        )
        owner = {"template_id": cls.template.id, "program_id": False}
        cls.program.rule_ids[1].copy(owner)
        cls.account = cls._admit(cls.customer, cls.program)
        for record in (cls.tag, seller, cls.cake.product_tmpl_id):
            record.active = False
        cls.other_company = cls.env["res.company"].create(
            {"name": "Elsewhere", "currency_id": cls.env.ref("base.JPY").id}
        )
        cls.program.reward_ids = [cls._any_reward()]
        cls.tax = cls.env["account.tax"].create({"name": "10", "amount": 10})
        cls.calls = {
            ("account.journal", "_points_are_paying"): (),
            ("account.tax", "_points_has_negative_factor"): (cls.tax.id,),
            ("points.document", "_get_numbering"): (cls.company.id,),
            ("res.company", "_get_points_facts"): (cls.company.id,),
            ("points.program", "_get_facts"): (cls.company.id,),
            ("points.program", "_get_words"): (cls.program.id,),
            ("points.reward", "_get_name"): (cls.program.reward_ids.id, "en_US"),
            ("points.rule", "_get_owned"): ("template_id", cls.template.id),
            ("points.rule", "_is_asking_for_direct"): (),
            ("points.sell.group", "_is_using_tags"): (),
            ("product.category", "_get_points_payable"): (),
            ("product.template", "_is_limiting_points"): (),
        }

    @classmethod
    def _make_loy(cls, price, tax=None):
        return cls.env["product.product"].create(
            {
                "name": "LOY",
                "type": "service",
                "points_type": "loy",
                "list_price": price,
                "categ_id": cls.categ_basic.id,
                "taxes_id": [Command.set(tax.ids if tax else [])],
            }
        )

    def _cached(self):
        """Return (model, method) of whatever the add-on keeps in Odoo's cache."""
        return {
            (name, attribute)
            for name, model in self.env.items()
            for cls in type(model).mro()
            if ".customer_points." in f"{cls.__module__}."
            for attribute, value in vars(cls).items()
            if hasattr(value, "__cache__")
        }

    def _contexts(self):
        """Yield what any caller may put into a context."""
        unit = self.env["uom.uom"].create(
            {"name": "Tiny", "relative_factor": 0.07, "relative_uom_id": 1}
        )
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Half",
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "3_global",
                            "compute_price": "percentage",
                            "percent_price": 50,
                        }
                    )
                ],
            }
        )
        yield {"uom": unit.id}
        yield {"pricelist": pricelist.id, "quantity": 12.0}
        yield {"lang": "fr_FR", "tz": "Pacific/Kiritimati"}
        yield {"active_test": False}
        yield {"active_test": True}
        yield {"allowed_company_ids": self.other_company.ids}
        yield {"force_price_include": True, "round_base": False, "round": False}
        yield {"default_active": False, "bin_size": True, "prefetch_fields": False}

    def _cold(self, name, method, **context):
        """Return what a method says when nobody has asked before."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        model = self.env[name].with_context(**context)
        return getattr(model, method)(*self.calls[name, method])

    def test_every_cached_method_is_tried_here(self):
        self.assertEqual(self._cached(), set(self.calls))

    def test_a_cold_cache_is_the_same_whatever_the_context_and_the_user(self):
        self.env.user.company_ids |= self.other_company
        users = (self.env.user, new_test_user(self.env, "any", "base.group_user"))
        contexts = list(self._contexts())
        for name, method in self.calls:
            expected = self._cold(name, method)
            for context in contexts:
                for user in users:
                    with self.subTest(f"{method} {user.login} {context}"):
                        self.env = self.env(user=user)
                        self.assertEqual(self._cold(name, method, **context), expected)
            self.env = self.env(user=users[0])

    def test_rates_by_loy_are_its_price_without_taxes_that_ended(self):
        (facts,) = (
            facts
            for facts in self._cold("points.program", "_get_facts")
            if facts.id == self.program.id
        )

        self.assertEqual([rule.per for rule in facts.rules.customer][0], 30)

    def test_rules_for_an_archived_tag_are_not_for_everybody(self):
        (rule,) = self._cold("points.rule", "_get_owned")

        self.assertEqual(rule.customer_groups, frozenset(self.tag.ids))
        self.assertTrue(rule.salespeople)

    def test_a_cashier_changes_no_rate_by_asking_in_another_unit(self):
        loy = self._make_loy(20)
        program = self._make_program({"method": "loy"}, loy_product_id=loy.id)
        account = self._admit(self.other_customer, program)
        context = next(iter(self._contexts()))
        self.env.registry.clear_cache()
        self.env["pos.order"].with_context(**context).points_preview({"lines": [{}]})

        self._sell((self.tool, 10), customer=self.other_customer)

        self.assertPoints(account, 62)

    def test_a_tax_that_is_booked_in_another_way_is_read_again(self):
        def has_negative():
            self.env.invalidate_all()
            return self.tax._points_has_negative_factor(self.tax.id)

        self.assertFalse(has_negative())
        lines = self.tax.repartition_line_ids.filtered(
            lambda line: line.repartition_type == "tax"
        )
        added = lines.create(
            [{**values, "factor_percent": -100} for values in lines.copy_data()]
        )

        self.assertTrue(has_negative())
        added.factor_percent = 0
        self.assertFalse(has_negative())
        added.factor_percent = -100
        self.assertTrue(has_negative())
        added.unlink()
        self.assertFalse(has_negative())
