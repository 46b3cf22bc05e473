from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .. import const
from ..engine.numbers import exact
from ..settlement.everyone import for_everyone
from ..wording.sentences import say_worth

#: What a reward is: sales that took it rely on it.
_FIXED = {"product_id", "kind", "gift_product_id", "program_id"}
#: Rewards that put a product on the order.
_PRODUCT_REWARDS = ("gift", "self_liquidating")


class PointsReward(models.Model):
    """One way of spending points, by a LOYPAY product on the sale (E-28, E-37, T-02).

    The first reward of a program is the one customers are reminded of (E-08).
    """

    _name = "points.reward"
    _inherit = ["points.tracked", "points.program.part", "points.register.names"]
    _description = "Points Reward"
    _order = "program_id, sequence, id"

    sequence = fields.Integer(default=10)
    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        translate=True,
        help="Printed on the order, the receipt and the invoice.",
    )
    program_id = fields.Many2one(ondelete="cascade")
    product_id = fields.Many2one(
        "product.product",
        string="Redemption Product",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("points_type", "=", "loypay")],
        help="Stands for the reward on orders. Empty: one is created.",
    )
    kind = fields.Selection(
        string="Type",
        selection=[
            ("block", "Fixed discount"),
            ("per_point", "Discount per point"),
            ("gift", "Free product"),
            ("self_liquidating", "Product at a special price"),
            ("voucher", "Voucher for a later order"),
        ],
        required=True,
        default="block",
    )
    points_cost = fields.Float(
        digits=const.POINTS_DIGITS,
        default=1.0,
        help="The points for the reward; in programs that count value, an amount. "
        "Customers are reminded when they can afford the first one.",
    )
    currency_id = fields.Many2one(related="program_id.currency_id")
    value = fields.Monetary(
        compute="_compute_value",
        store=True,
        readonly=False,
        precompute=True,
        help="Tax included: the discount on the order, the value of a voucher, or "
        "the special price of a product.",
    )
    gift_product_id = fields.Many2one(
        "product.product",
        string="Free Product",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain=[("points_type", "=", "none"), ("sale_ok", "=", True)],
        help="The product that is free, or sold at a special price.",
    )
    voucher_months = fields.Integer(
        string="Voucher Validity (Months)",
        default=12,
        help="How long a voucher can be used. 0: unlimited.",
    )

    date_from = fields.Date(string="From", help="First day; empty: always.")
    date_to = fields.Date(string="Until", help="Last day; empty: unlimited.")
    min_average_points = fields.Float(
        string="Min. Monthly Average",
        digits=const.POINTS_DIGITS,
        default=0.0,
        help="Only for customers who earn this many points a month, on average "
        "over the last twelve months. 0: for all.",
    )
    requires_target = fields.Boolean(
        string="Target Reached",
        help="Only for customers who have reached the targets of the program.",
    )

    _check_dates = models.Constraint(
        "CHECK (date_from <= date_to)", "Until: a reward cannot end before it starts."
    )
    _check_numbers = models.Constraint(
        "CHECK (points_cost BETWEEN 0.0001 AND 1e9 AND value BETWEEN 0 AND 1e11 "
        "AND voucher_months BETWEEN 0 AND 1200)",
        "Points and value: enter numbers greater than zero. Months: 0 to 1200.",
    )

    # === COMPUTE METHODS === #

    @api.depends("product_id")
    def _compute_name(self):
        for reward in self:
            reward.name = reward.name or reward.product_id.name

    @api.depends("product_id", "kind", "program_id")
    def _compute_value(self):
        """Begin with the product's price, or with what a point stands for (E-37)."""
        for reward in self:
            if reward._get_base_kind() == "per_point":
                reward.value = reward.points_cost * reward.program_id._get_point_value()
            elif reward._get_base_kind() == "gift":
                reward.value = 0.0
            else:
                reward.value = reward.value or reward.product_id.list_price

    # === CONSTRAINT METHODS === #

    @api.constrains("product_id")
    def _check_product_id(self):
        for reward in self:
            if reward.product_id.points_type != "loypay":
                raise ValidationError(
                    self.env._(
                        "Redemption product: set %(product)s as redemption "
                        "product (LOYPAY) first.",
                        product=reward.product_id.display_name,
                    )
                )
        self.program_id._check_points_products()

    @api.constrains("kind", "gift_product_id", "points_cost", "value", "program_id")
    def _check_kind(self):
        """Refuse a reward that lacks what its kind needs."""
        for reward in self:
            words, kind = {"reward": reward.name}, reward._get_base_kind()
            if kind in _PRODUCT_REWARDS:
                is_product = reward.gift_product_id.points_type == "none"
                if not reward.gift_product_id or not is_product:
                    raise ValidationError(
                        self.env._("%(reward)s: select the product.", **words)
                    )
            elif kind == "per_point":
                if not reward.program_id._get_point_value():
                    raise ValidationError(
                        self.env._(
                            "%(reward)s: set the value per point of the program first.",
                            **words,
                        )
                    )
            elif not reward.value:
                raise ValidationError(self.env._("%(reward)s: set its value.", **words))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        # Products are made with all rights: only for who may make rewards.
        self.check_access("create")
        rewards = super().create(list(map(self._prepare_product, vals_list)))
        rewards.program_id._forget_facts()
        return rewards

    def write(self, vals):
        if _FIXED & set(vals):
            self._check_unused()
        result = super().write(vals)
        self.program_id._forget_facts()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_unused()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_promised(self):
        """Keep the last reward of a program that promises vouchers."""
        for program in self.program_id.filtered("target_value"):
            if not program.reward_ids - self:
                raise ValidationError(
                    self.env._(
                        "%(program)s issues vouchers, and this is the last reward "
                        "that lets registers accept them. Set the voucher to 0 "
                        "first, or add another reward.",
                        program=program.name,
                    )
                )

    def _check_unused(self):
        """Refuse what would change sales that take these rewards, paid or open.

        :raise ValidationError: naming one, and what to do instead
        """
        Line = self.env["pos.order.line"].sudo()
        # A line that names no reward is told by its product, which may be shared.
        unnamed = Domain("points_reward_id", "=", False)
        unnamed &= Domain("product_id", "in", self.product_id.ids)
        sold = Line.search(
            Domain("points_reward_id", "in", self.ids) | unnamed, limit=1
        )
        held = self.env["points.hold"].sudo()._get_of_rewards(self)
        used = sold.points_reward_id or self.filtered(
            lambda reward: reward.product_id == sold.product_id
        )
        if sold or held:
            raise ValidationError(
                self.env._(
                    "%(reward)s has already been used on orders: set its last "
                    "day, and create another reward with another redemption product.",
                    reward=(used or held)[:1].name,
                )
            )

    def unlink(self):
        programs = self.program_id
        result = super().unlink()
        programs._forget_facts()
        return result

    def _update_field_translations(self, *args, **kwargs):
        result = super()._update_field_translations(*args, **kwargs)
        self.program_id._forget_facts()
        return result

    # === POS METHODS === #

    @api.model
    def _load_pos_data_fields(self, config):
        more = ["kind", "product_id", "program_id", "gift_product_id"]
        return [*super()._load_pos_data_fields(config), *more]

    # === BUSINESS METHODS === #

    @api.model
    def _prepare_product(self, vals) -> dict:
        """Return the values of a new reward, with a redemption product of its own."""
        if vals.get("product_id"):
            return vals
        reward = self.new(vals)
        # A manager of points need not have rights on products.
        product = self.env["product.product"].sudo()
        product = product.create(
            {
                "name": reward.name or reward.gift_product_id.name,
                "points_type": "loypay",
                "list_price": reward.value,
                "company_id": reward.program_id.company_id.id,
                "sale_ok": False,
                "purchase_ok": False,
            }
        )
        return {**vals, "product_id": product.id}

    @api.model
    @tools.ormcache("reward_id", "language")
    def _get_name(self, reward_id: int, language: str) -> str:
        """Return a reward's name, kept in memory until a reward or program changes."""
        return for_everyone(self).with_context(lang=language).browse(reward_id).name

    def _get_base_kind(self) -> str:
        """Return which of the kinds here this reward works like.

        A module that adds a kind answers it, so that registers, limits and settling
        know what to do.
        """
        self.ensure_one()
        return self.kind

    def _say_archived(self) -> str:
        """Return why no register can put this reward on an order; empty: it can."""
        self.ensure_one()
        products = self.product_id | self.gift_product_id
        archived = products.filtered(lambda product: not product.active)
        if not archived:
            return ""
        return self.env._(
            "%(product)s is archived, so this reward cannot be redeemed.",
            product=archived[0].name,
        )

    def _is_worth_something(self) -> bool:
        """Tell whether customers get anything for its points."""
        self.ensure_one()
        is_product = self._get_base_kind() in _PRODUCT_REWARDS
        is_per_point = self._get_base_kind() == "per_point"
        value = self.program_id._get_point_value() if is_per_point else self.value
        return is_product or bool(value)

    def _get_reminding(self, account):
        """Return the reward that a customer is reminded of, perhaps none (E-08)."""
        offered = self._get_offered(account)
        return offered.filtered(lambda reward: not reward._say_archived())[:1]

    def _get_chatters(self) -> list:
        return [self.program_id]

    def _say_part(self) -> str:
        program = self.program_id
        cost = say_worth(
            self.env,
            program.currency_id,
            program.mode == "value",
            exact(self.points_cost),
        )
        return self.env._("Reward %(reward)s: %(cost)s", reward=self.name, cost=cost)

    def _get_offered(self, account, date=None):
        """Return which of these rewards a customer may have on a day, today (T-03).

        What no reward asks for is not read.
        """
        today = date or account.company_id._get_points_today()
        return self.filtered(
            lambda reward: (
                (not reward.date_from or reward.date_from <= today)
                and (not reward.date_to or today <= reward.date_to)
                and (not reward.requires_target or account.target_reached)
                and (
                    not reward.min_average_points
                    or account.average_points >= reward.min_average_points
                )
            )
        )
