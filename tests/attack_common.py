"""A shop under attack: roles, a way to call as a browser does, and what must hold."""

import contextlib

from odoo import fields
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .spending_common import SpendingCommon

#: What a victim's balance looks like, as a number and as people read it.
VICTIM = ("7531.25", "7,531.25")
FOREIGN = ("9642.75", "9,642.75", "Qwertzona")
NAME = ("Zyxomarka",)

_GROUPS = {
    "cashier": "base.group_user,point_of_sale.group_pos_user",
    "salesperson": "base.group_user,sales_team.group_sale_salesman",
    "clerk": "base.group_user,account.group_account_invoice",
    "user": "customer_points.group_points_user,base.group_allow_export",
    "employee": "base.group_user",
    "portal": "base.group_portal",
}
ROLES = (*_GROUPS, "public", "stranger")
#: Who may be told of customers' points in the own company.
SELLERS = ("cashier", "salesperson", "user")
#: Who has no business with points at all.
OTHERS = ("clerk", "employee", "portal", "public", "stranger")

_LOGGERS = (
    "odoo.sql_db",
    "odoo.models",
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.customer_points.models",
    "odoo.addons.point_of_sale.models.pos_order",
)
#: What shops promise, and what has happened.
TABLES = (
    *("points_program", "points_rule", "points_reward", "points_template"),
    *("points_sell_group", "points_document", "points_entry", "points_lot"),
    *("points_account", "points_hold", "points_voucher", "points_adjustment"),
)
_ACCOUNTS = """
    SELECT account.id, account.balance,
           COALESCE((SELECT SUM(points) FROM points_entry
                      WHERE account_id = account.id), 0),
           COALESCE((SELECT SUM(remaining) FROM points_lot
                      WHERE account_id = account.id), 0)
      FROM points_account account"""
_VOUCHERS = """
    SELECT COUNT(*), COALESCE(SUM(value), 0)
      FROM points_voucher voucher JOIN points_account account ON account.id = account_id
     WHERE voucher.state = 'open' AND (NOT is_unpaid OR balance >= 0)"""
_FINGERPRINT = """
    SELECT '{name}', md5(jsonb_agg(to_jsonb(r) - 'write_date' - 'write_uid'
           ORDER BY id)::text) FROM {name} r"""
_HOLDS = "SELECT account_id, key, points FROM points_hold ORDER BY id"


_WRITTEN = (
    """SELECT kind, date, move_id, reason, partner_id, company_id, entries.points
         FROM points_document document, LATERAL (
              SELECT SUM(points) AS points FROM points_entry
               WHERE document_id = document.id) entries
        WHERE pos_order_id = %s""",
    """SELECT entry.kind, entry.date, points, qualifying_points, value, number,
              available_on, expires_on, taken_from, balance_after, account_id,
              program_id FROM points_entry entry JOIN points_document document
           ON document.id = document_id WHERE pos_order_id = %s ORDER BY entry.id""",
    """SELECT lot.points, remaining, lot.available_on, lot.expires_on, lot.account_id
         FROM points_lot lot JOIN points_entry entry ON entry.id = entry_id
         JOIN points_document document ON document.id = document_id
        WHERE pos_order_id = %s ORDER BY lot.id""",
    """SELECT account_id, value, state, voucher.date, reward_id, expires_on, used_by,
              held_by, held_until, LENGTH(code)
         FROM points_voucher voucher JOIN points_document document
           ON document.id = document_id WHERE pos_order_id = %s ORDER BY voucher.id""",
)


class AttackCommon(SpendingCommon):
    """Calls as RPC does, each in a savepoint that is undone, and looks at accounts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls.env.registry.clear_cache)
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        # Nothing is delivered: that takes time and tells nothing here.
        (cls.cake | cls.coffee).type = "service"
        cls._make_shop()
        cls._make_elsewhere()
        cls._make_roles()

    @classmethod
    def _make_shop(cls):
        """Give 1 point per 1.00; a victim has 7,531.25 of them, the customer 1,000."""
        rules = [Command.clear(), Command.create({"name": "1 per 1.00"})]
        terms = {"decimals": 2, "value_per_point": 0.1, "expiry": "rolling"}
        cls.program.write({"rule_ids": rules, "minimum_target": 10**6, **terms})
        cls.victim = cls._make_customer("Zyxomarka Secretina", cls.program, 7531.25)
        cls._adjust(cls, 1000, cls.account)
        cls.other_account = cls._admit(cls.other_customer, cls.program)
        cls._make_rewards()
        cls._make_campaigns()
        cls.tip = cls._make_product("Tip", 0)
        cls.down_payment = cls._make_product("Down Payment", 0)
        special = {
            "tip_product_id": cls.tip,
            "down_payment_product_id": cls.down_payment,
        }
        cls.basic_config.write({name: product.id for name, product in special.items()})
        cls.voucher = cls._make_voucher(cls.victim)
        cls.newcomer = cls.env["res.partner"].create({"name": "Newcomer"})
        unit = {"name": "Crumb", "relative_factor": 0.01}
        unit["relative_uom_id"] = cls.env.ref("uom.product_uom_unit").id
        cls.small_unit = cls.env["uom.uom"].create(unit)
        loy = cls._make_product("LOY", 100, points_type="loy")
        cls._make_program({"method": "loy"}, loy_product_id=loy.id)
        cls.invoice = cls._invoice(cls, (cls.cake, 1, 100), customer=cls.other_customer)
        values = {"name": "Followers", "program_id": cls.program.id}
        cls.env["points.template"].create(values)
        cls.env["points.sell.group"].create({"name": "Group"})
        cls.env["points.review"].sudo()._add_overdrawn(cls.victim)

    @classmethod
    def _make_customer(cls, name, program, points):
        partner = cls.env["res.partner"].create({"name": name})
        account = cls._admit(partner, program)
        cls._adjust(cls, points, account)
        return account

    @classmethod
    def _make_rewards(cls):
        """Make rewards of every kind, and those that nobody is offered today."""
        today = fields.Date.today()
        days = [fields.Date.subtract(today, days=days) for days in (60, 1, -1, -60)]
        for name, values in {
            "reward": {},
            "ended": {"date_from": days[0], "date_to": days[1]},
            "to_come": {"date_from": days[2], "date_to": days[3]},
            "for_target": {"requires_target": True},
            "for_regulars": {"min_average_points": 10**6},
            "gift": {"kind": "gift", "gift_product_id": cls.coffee.id},
            "voucher": {"kind": "voucher", "points": 100, "value": 10},
        }.items():
            given = {"points": 50, "value": 5, "name": f"Reward {name}", **values}
            reward = cls._make_reward(**given)
            setattr(cls, "reward" if name == "reward" else f"{name}_reward", reward)
        cls.plain_loypay = cls._make_loypay("LOYPAY of nothing")
        limited = cls._make_program(max_points_redeem=60, value_per_point=0.1)
        cls._adjust(cls, 1000, cls._admit(cls.customer, limited))
        cls.limited_reward = cls._make_reward(points=10, value=5, program=limited)
        limited.rule_ids.unlink()

    @classmethod
    def _make_campaigns(cls):
        """Give 100 points per 1.00 until yesterday, and again from tomorrow on."""
        today = fields.Date.today()
        for start, end in ((60, 1), (-1, -60)):
            campaign = cls._make_program(
                {"rate_stock": 100},
                date_from=fields.Date.subtract(today, days=start),
                date_to=fields.Date.subtract(today, days=end),
            )
            cls._admit(cls.customer, campaign)

    @classmethod
    def _make_elsewhere(cls):
        """Give another company a program, a reward and the victim as a customer."""
        cls.env.user.company_ids |= cls.elsewhere
        cls.foreign_program = cls._make_program(
            name="Qwertzona Card", company_id=cls.elsewhere.id, decimals=2
        )
        cls.foreign_reward = cls._make_reward(
            points=1, value=90, program=cls.foreign_program, name="Qwertzona Reward"
        )
        cls.foreign_account = cls._admit(cls.victim.partner_id, cls.foreign_program)
        cls._adjust(cls, 9642.75, cls.foreign_account)
        cls.foreign_partner = cls.env["res.partner"].create(
            {"name": "Qwertzona Abroad", "company_id": cls.elsewhere.id}
        )
        cls.foreign_product = cls._make_product("Qwertzona Product", 100)
        cls.foreign_product.company_id = cls.elsewhere
        cls.foreign_voucher = cls._make_voucher(cls.foreign_account)

    @classmethod
    def _make_voucher(cls, account):
        document = account.entry_ids.document_id[:1]
        values = {"account_id": account.id, "document_id": document.id, "value": 10}
        return (
            cls.env["points.voucher"].sudo().create({**values, "date": document.date})
        )

    @classmethod
    def _make_roles(cls):
        cls.roles = {
            role: new_test_user(
                cls.env,
                f"attack_{role}",
                groups,
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for role, groups in _GROUPS.items()
        }
        cls.roles["stranger"] = new_test_user(
            cls.env,
            "attack_stranger",
            _GROUPS["cashier"],
            company_id=cls.elsewhere.id,
            company_ids=[Command.set(cls.elsewhere.ids)],
        )
        cls.roles["manager"] = new_test_user(
            cls.env,
            "attack_manager",
            "customer_points.group_points_manager,point_of_sale.group_pos_user,"
            "account.group_account_invoice",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.roles["public"] = cls.env.ref("base.public_user")

    def setUp(self):
        super().setUp()
        self.open_new_session()
        self.sold = self._sell((self.cake, 5), customer=self.other_customer)
        values = {"account_id": self.victim.id, "company_id": self.company.id}
        with self._undone():
            self._buy_honestly("cashier")
            self.honest = self._read_written()
        hold = {"points": 10, "taken": {str(self.reward.id): "1"}}
        self.env["points.hold"].sudo().create(
            {
                **values,
                **hold,
                "key": "pos:victim-order-0001",
                "expires_at": fields.Datetime.add(fields.Datetime.now(), minutes=30),
            }
        )
        self.env.flush_all()

    # === CALLS === #

    def _rpc(self, role, model, method, *args, context=None, **kwargs):
        """Call as a browser may: public methods only, with any context.

        :param args: the ids first, where the method is one of records
        """
        records = self.env(user=self.roles[role].id, context={}, su=False)[model]
        given = {**kwargs, "context": context} if context else kwargs
        return call_kw(records, method, list(args), given)

    def _send(self, role, data, context=None):
        """Synchronise an order as a register does."""
        self.sent = data["uuid"]
        return self._rpc(role, "pos.order", "sync_from_ui", [data], context=context)

    def _buy_honestly(self, role, context=None):
        """Sell two cakes, 5 off for 50 points, and a voucher for 100 points."""
        data = self._order_data([(self.cake, 2)], self.customer)
        data["lines"].append(self._reward_line(self.reward, 1, -5))
        data["lines"].append(self._reward_line(self.voucher_reward, 1, 0))
        data.update(amount_total=195, amount_paid=195)
        data["payment_ids"][0][2]["amount"] = 195
        return self._send(role, data, context=context)

    def _read_written(self):
        """Return everything that the ledger holds of the order that was sent."""
        order = self._get_sent()
        self.env.flush_all()
        written = []
        for query in _WRITTEN:
            self.env.cr.execute(query, [order.id])
            written.append(self.env.cr.fetchall())
        return written

    @contextlib.contextmanager
    def _undone(self):
        """Undo what is done inside, whatever comes of it."""
        self.env.flush_all()
        with mute_logger(*_LOGGERS), contextlib.closing(self.env.cr.savepoint()):
            yield
        self.env.invalidate_all()
        # As after a request that was rolled back.
        self.env.registry.reset_changes()

    def _attempt(self, way, *args):
        """Return (answer, error) of an attack; what Odoo refuses is refused well."""
        try:
            with self.env.cr.savepoint():
                answer = way(*args)
                # Generators and lazy texts would be sent as text.
                return answer, None
        except Exception as error:
            return None, error

    # === WHAT MUST HOLD === #

    def _get_sent(self):
        """Return the order that was sent last, if it was taken."""
        return self.env["pos.order"].search([("uuid", "=", self.sent)])

    def assertReview(self, state, is_there=True):
        """Assert that a paid order is, or is not, in a review of this state."""
        order = self._get_sent()
        if order.state in ("paid", "done"):
            self.env.invalidate_all()
            reviews = self.env["points.review"].search([("state", "=", state)])
            found = order._points_root() in reviews.mapped("root")
            why = reviews.mapped("reason")
            self.assertEqual(found, is_there, f"Reviews that are {state}: {why}")

    def assertLookedAt(self):
        self.assertReview("unpaid")

    def _read_state(self):
        """Return accounts by id, open vouchers, and what open orders hold."""
        self.env.flush_all()
        accounts = {row[0]: row[1:] for row in self._query(_ACCOUNTS)}
        return accounts, self._query(_VOUCHERS)[0], self._query(_HOLDS)

    def _read_tables(self, *names):
        """Return a fingerprint of every table of points, or of these."""
        self.env.flush_all()
        names = names or TABLES
        parts = (_FINGERPRINT.format(name=name) for name in names)
        return dict(self._query(" UNION ALL ".join(parts)))

    def _query(self, query):
        self.env.cr.execute(query)
        return self.env.cr.fetchall()

    def assertNothingGranted(self, before, most=0, takes=0, vouchers=0):
        """Assert that no account has more than it may, and that the ledger adds up.

        :param before: what ``_read_state`` returned
        :param most: the points that may have come
        :param takes: the points that may have gone
        :param vouchers: how many vouchers may have been bought
        """
        accounts, opened, holds = self._read_state()
        changes = {
            account: accounts[account][0] - before[0].get(account, (0,))[0]
            for account in accounts
        }
        came = sum(change for change in changes.values() if change > 0)
        gone = -sum(change for change in changes.values() if change < 0)
        self.assertLessEqual(float(came), most, "Points were granted")
        self.assertLessEqual(float(gone), takes, "Points were taken")
        self.assertLessEqual(set(before[0]), set(accounts), "An account is gone")
        new, worth = (now - then for now, then in zip(opened, before[1], strict=True))
        self.assertLessEqual(new, vouchers, "A voucher was granted")
        self.assertLessEqual(worth, 10 * vouchers, "A voucher was granted")
        held = [hold for hold in holds if not hold[1].startswith("pos:attack-")]
        self.assertEqual(held, before[2], "What others hold has changed")
        self.assertSums(accounts)

    def assertSums(self, accounts):
        """Assert that a balance is the sum of its entries and of its lots (I1)."""
        for account, (balance, entries, lots) in accounts.items():
            self.assertEqual(balance, entries, f"Entries of account {account}")
            self.assertEqual(max(balance, 0), lots, f"Lots of account {account}")

    def assertNothingTold(self, role, *answers):
        """Assert that answers and errors hold nothing this role may not know."""
        secrets = FOREIGN if role in SELLERS else (*FOREIGN, *VICTIM)
        if role == "stranger":
            secrets = VICTIM
        if role in ("portal", "public"):
            secrets += NAME
        said = " ".join(map(str, answers))
        for secret in secrets:
            self.assertNotIn(secret, said, "A secret was told")
