from __future__ import annotations

import dataclasses
import re
import secrets

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..engine.numbers import (
    LEDGER_DECIMALS,
    ZERO,
    exact,
    multiply,
    number,
    ratio,
    round_points,
)
from ..engine.targets import progress
from ..redemption.offers import loypay_price
from ..redemption.open_order import OpenOrder
from ..redemption.redemption import check_key
from ..settlement.program_facts import currency_rate
from ..wording.sentences import say_money

#: Vouchers that stand for a target reached.
_GIVEN = ("open", "used")
_CODE = re.compile("[0-9A-Z-]{1,32}")
#: How long a register may keep a voucher for an open order.
_HOLD = """
    UPDATE points_voucher SET held_by = %(key)s, held_until = %(until)s
     WHERE id = %(voucher)s AND state = 'open'
       AND (held_by IS NULL OR held_by = %(key)s OR held_until < %(now)s)
 RETURNING id"""


class PointsVoucher(models.Model):
    """A code worth money on a later purchase (C-48, T-02).

    Reaching a target gives one; a return that undoes the target does with it
    what the program's ``target_revoke`` says (R-05). Others are bought with
    points.
    """

    _name = "points.voucher"
    _inherit = ["points.own.defaults"]
    _description = "Points Voucher"
    _rec_name = "code"
    _order = "id desc"

    code = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self._default_code(),
    )
    account_id = fields.Many2one(
        "points.account", required=True, index=True, ondelete="restrict", readonly=True
    )
    partner_id = fields.Many2one(related="account_id.partner_id", string="Customer")
    program_id = fields.Many2one(related="account_id.program_id")
    company_id = fields.Many2one(related="account_id.company_id")
    document_id = fields.Many2one(
        "points.document",
        string="Issued For",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    date = fields.Date(required=True, readonly=True)
    currency_id = fields.Many2one(related="program_id.currency_id")
    value = fields.Monetary(required=True, readonly=True)
    state = fields.Selection(
        [
            ("open", "Open"),
            ("used", "Used"),
            ("withdrawn", "Cancelled"),
            ("owed", "Deducted in Points"),
        ],
        required=True,
        default="open",
        readonly=True,
    )
    reward_id = fields.Many2one(
        "points.reward",
        string="Bought As",
        ondelete="restrict",
        readonly=True,
        help="The reward it was bought as; empty: it was issued for a target.",
    )
    bought_on = fields.Char(readonly=True, index="btree_not_null")
    expires_on = fields.Date(string="Last Day", readonly=True)
    used_by = fields.Char(
        readonly=True, index="btree_not_null", help="The order that it paid."
    )
    held_by = fields.Char(
        string="Reserved By",
        readonly=True,
        index="btree_not_null",
        help="The open order that reserved it.",
    )
    held_until = fields.Datetime(string="Reserved Until", readonly=True)
    is_unpaid = fields.Boolean(
        string="Points Missing",
        readonly=True,
        help="The points for it were missing: it can be used once the balance is "
        "no longer negative.",
    )

    _code_uniq = models.UniqueIndex(
        "(code)", "This code is already used by another voucher."
    )

    # === ACTION METHODS === #

    def action_use(self):
        """Mark vouchers as used: the customer got what they are worth.

        :raise AccessError: for who is no points user
        :raise UserError: for one that is not open any more
        """
        self.check_access("read")
        if not self.env.user.has_group("customer_points.group_points_user"):
            raise AccessError(
                self.env._("Ask a Customer Points user to accept this voucher.")
            )
        opened = self.sudo().try_lock_for_update().filtered(lambda v: v.state == "open")
        if opened != self.sudo():
            raise UserError(
                self.env._(
                    "This voucher has already been used or cancelled, or is being "
                    "used right now. Check it again."
                )
            )
        opened.state = "used"

    # === BUSINESS METHODS === #

    @api.model
    def _follow_targets(self, entries):
        """Give what these entries earned by reaching targets; take back what they undo.

        A target counts as undone only by what these rows take back: raising it
        takes no voucher from anybody.

        :param entries: rows just written by the door, their accounts locked
        """
        accounts, document = entries.account_id, entries.document_id
        sums = accounts._read_accrued(document.date)
        # Read together: one query, however many programs the customer is in.
        accounts.voucher_ids.mapped("state")
        given_now = []
        for account, rows in entries.grouped("account_id").items():
            targets = account._get_engine_targets()
            after = tuple(map(exact, sums.get(account, (0.0, 0.0))))
            given = account.voucher_ids._get_given(document.date)
            missing = progress(*after, targets).times - len(given)
            earned = rows.filtered(lambda row: row.kind in ("earn", "return"))
            # What takes points back gives no voucher, whatever was missed before.
            if missing > 0 and sum(earned.mapped("points")) > 0:
                given_now += self._prepare_missing(account, document, missing)
            undone = min(-missing, self._times_undone(targets, after, earned))
            if undone > 0:
                given._revoke(undone)
        self.create(given_now)

    def _get_given(self, date):
        """Return which of these stand for targets reached in the period of a day."""
        return self.filtered(
            lambda voucher: (
                voucher.state in _GIVEN
                and not voucher.reward_id
                and (
                    voucher.program_id.target_period != "year"
                    or voucher.date.year == date.year
                )
            )
        )

    @api.model
    def _times_undone(self, targets, after, earned) -> int:
        """Return how many targets these rows have undone, counted one by one."""
        each = dataclasses.replace(targets, repeat="each")
        names = ("points", "qualifying_points")
        before = (
            sums - sum(map(exact, earned.mapped(name)), ZERO)
            for sums, name in zip(after, names, strict=True)
        )
        return progress(*before, each).times - progress(*after, each).times

    @api.model
    def _prepare_missing(self, account, document, missing) -> list[dict]:
        """Return the new vouchers; those the same sale gave before are opened again.

        A sale that was reset and posted again so keeps the code the customer has.
        """
        value = account.program_id.target_value
        again = account.voucher_ids.filtered(
            lambda voucher: (
                voucher.state == "withdrawn"
                and not voucher.reward_id
                and voucher.value == value
                and voucher.document_id._get_sale() == document._get_sale()
            )
        )[:missing]
        again.write({"state": "open", "date": document.date})
        voucher = {
            "account_id": account.id,
            "document_id": document.id,
            "date": document.date,
            "value": value,
        }
        return [voucher] * (missing - len(again)) if value else []

    def _revoke(self, count):
        """Do with the newest of these vouchers what their program says (R-05)."""
        policy = self.program_id.target_revoke
        if policy == "keep":
            return
        newest_first = self.sorted(
            lambda voucher: (voucher.state == "used", -voucher.id)
        )
        withdrawn = newest_first.filtered(lambda v: v.state == "open")[:count]
        withdrawn.state = "withdrawn"
        if policy == "debt":
            (newest_first - withdrawn)[: count - len(withdrawn)]._take_back()

    def _take_back(self):
        """Take what used vouchers are worth off the balance, below zero if need be."""
        for voucher in self:
            program, account = voucher.program_id, voucher.account_id
            value = exact(voucher.value)
            worth = ratio(value, number(1), exact(program._get_point_value(), 6))
            points = round_points(worth, "none", LEDGER_DECIMALS)
            self.env["points.document"]._post(
                {
                    "kind": "adjust",
                    "date": account.company_id._get_points_today(),
                    "partner_id": account.partner_id.id,
                    "company_id": account.company_id.id,
                    "reason": self.env._(
                        "Voucher %(code)s was used, but products were returned "
                        "and its target is no longer reached.",
                        code=voucher.code,
                    ),
                },
                [
                    {
                        "account_id": account.id,
                        "program_id": program.id,
                        "kind": "adjust",
                        "points": -points,
                    }
                ],
            )
            voucher.state = "owed"

    # === DEFAULTS === #

    @api.model
    def _default_code(self) -> str:
        """Return a code nobody can guess, in groups that people can read out."""
        digits = secrets.token_hex(6).upper()
        return "-".join(digits[place : place + 4] for place in (0, 4, 8))

    # === BOUGHT === #

    @api.model
    def _count_used(self, root) -> dict:
        """Return how many vouchers that a sale bought cannot be given back."""
        bought = Domain("bought_on", "=", root)
        used = bought & Domain("state", "not in", ("open", "withdrawn"))
        groups = self._read_group(used, ["reward_id"], ["__count"])
        return {reward.id: count for reward, count in groups}

    @api.model
    def _follow_bought(self, root, takings, document):
        """Make the vouchers that a sale buys; withdraw those it buys no more.

        :param document: what posted the points; it stands behind new vouchers
        """
        known = self.search([("bought_on", "=", root)])
        wanted = {}
        for taking in takings:
            if taking.gives_voucher:
                count = wanted.get(taking.reward, 0) + int(taking.kept)
                wanted[taking.reward] = count
        for reward in known.reward_id | self.env["points.reward"].browse(wanted):
            mine = known.filtered(lambda voucher, r=reward: voucher.reward_id == r)
            valid = mine.filtered(lambda voucher: voucher.state != "withdrawn")
            missing = wanted.get(reward.id, 0) - len(valid)
            if missing < 0:
                opened = valid.filtered(lambda voucher: voucher.state == "open")
                opened[:-missing].state = "withdrawn"
            elif missing:
                again = (mine - valid)[:missing]
                again.state = "open"
                new = self._buy(root, reward, missing - len(again), document)
                (again | new)._follow_balance()

    @api.model
    def _buy(self, root, reward, count, document):
        account = document.entry_ids.account_id.filtered(
            lambda account: account.program_id == reward.program_id
        )
        if not account or not count:
            return self.browse()
        months = reward.voucher_months
        last_day = document.date + relativedelta(months=months) if months else False
        values = {
            "account_id": account[:1].id,
            "document_id": document.id,
            "date": document.date,
            "value": reward.value,
            "reward_id": reward.id,
            "bought_on": root,
            "expires_on": last_day,
        }
        return self.create([values] * count)

    def _follow_balance(self):
        """Keep whether points were there for vouchers that were just bought."""
        for account, vouchers in self.grouped("account_id").items():
            vouchers.is_unpaid = account.balance < 0

    def _is_missing_points(self) -> bool:
        """Tell whether the points that bought it are still missing."""
        return self.is_unpaid and self.account_id.balance < 0

    # === USED === #

    def points_take(self, code, key, sale=None) -> dict:
        """Keep a voucher for an open order and return its line, or why not.

        :param sale: the sale as the register sees it, which tells its currency
        :raise AccessError: for who neither sells nor looks after points
        :raise UserError: for a sale that cannot be
        """
        check_key(self.env, key)
        order = OpenOrder(self.env, sale, key)
        return self.env["points.voucher"].sudo()._take(code, order)

    @api.model
    def _take(self, code, order) -> dict:
        """Keep a voucher for an open order or document; return its line, or why not.

        :param order: an ``OpenOrder`` or ``OpenSale``
        """
        voucher = self._get_by_code(code, order.company)
        if not voucher:
            return {"refused": self.env._("No voucher with this code exists.")}
        product = voucher._get_loypay()
        refused = product and voucher._say_unusable(order)
        if not product:
            refused = self.env._(
                "Vouchers of %(program)s cannot be used yet: ask a Customer "
                "Points manager to add a reward with a redemption product (LOYPAY).",
                program=voucher.program_id.name,
            )
        if refused:
            return {"refused": refused}
        currency = order.currency
        today = order.company._get_points_today()
        worth = voucher._get_worth(currency, today)
        price = loypay_price(voucher.program_id, product, worth)
        return {
            "refused": "",
            "code": voucher.code,
            "name": self.env._("Voucher %s", voucher.code),
            "worth_text": say_money(currency, worth),
            "line": {"product_id": product.id, "qty": 1.0, **price},
        }

    def points_give_back(self, code, key) -> bool:
        """Let other sales use a voucher that an open order wanted to use."""
        check_key(self.env, key)
        Voucher = self.env["points.voucher"].sudo()
        voucher = Voucher._get_by_code(code, self.env.companies)
        if voucher.held_by == key:
            voucher._release()
        return True

    def _get_loypay(self):
        """Return the product by which a register takes this voucher, perhaps none."""
        rewards = self.reward_id | self.program_id.reward_ids
        return rewards.product_id.filtered("active")[:1]

    def _release(self):
        """Let other sales use vouchers that an open order wanted to use."""
        self.write({"held_by": False, "held_until": False})

    def _get_worth(self, currency, date):
        """Return the money of a sale's currency that it pays, in its coins (R-07)."""
        rate = currency_rate(self.currency_id, currency, self.company_id, date)
        worth = multiply(exact(self.value), rate)
        return exact(currency.round(float(worth)))

    @api.model
    def _get_worth_of(self, code, company, currency, date, root):
        """Return the money that the voucher of a code pays; 0: there is none.

        :param root: the order that it is on
        """
        found = self._get_domain_of(company, root)
        voucher = self.search(found & Domain("code", "=", code), limit=1)
        return voucher._get_worth(currency, date) if voucher else ZERO

    @api.model
    def _get_by_code(self, code, companies):
        """Return the voucher of a code, of these companies.

        People type codes with or without dashes and spaces, in any case.
        """
        code = code.strip().upper() if isinstance(code, str) else ""
        plain = re.sub(r"[\s-]", "", code)
        if not _CODE.fullmatch(plain):
            return self.browse()
        groups = "-".join(re.findall(".{1,4}", plain))
        of_companies = Domain.OR(map(self._get_domain_of, companies))
        return self.search(of_companies & Domain("code", "in", [code, groups]), limit=1)

    @api.model
    def _get_domain_of(self, company, root="") -> Domain:
        """Return which vouchers pay in a company: those of programs that serve it.

        :param root: an order of it: what it has used pays for it ever after
        """
        serving = self.env["points.program"]._get_serving_domain(company)
        found = Domain("account_id.program_id", "any", serving)
        return found | Domain("used_by", "=", root) if root else found

    def _say_unusable(self, order) -> str:
        """Return why this voucher cannot pay for a sale; empty: it can."""
        today = self.company_id._get_points_today()
        words = {"code": self.code, "date": self.expires_on}
        if self.state == "used":
            return self.env._("Voucher %(code)s has already been used.", **words)
        if self.state != "open":
            return self.env._("Voucher %(code)s was cancelled.", **words)
        if (
            self.expires_on
            and self.expires_on < today
            and not self._is_held_for(order.key)
        ):
            return self.env._("Voucher %(code)s expired on %(date)s.", **words)
        if self._is_missing_points():
            return self.env._(
                "Voucher %(code)s cannot be used yet: the points for it are missing.",
                **words,
            )
        if not self._hold(order.key, order.held_until):
            return self.env._("Voucher %(code)s is on another open order.", **words)
        return ""

    def _is_held_for(self, key) -> bool:
        """Tell whether a sale keeps it: what was valid then is not refused later."""
        is_live = self.held_until and self.held_until > fields.Datetime.now()
        return bool(is_live) and self.held_by == key

    def _hold(self, key, until) -> bool:
        """Keep an open voucher for a sale; no when another sale has it."""
        self.flush_recordset()
        now = fields.Datetime.now()
        held = self.env.execute_query(
            SQL(
                _HOLD,
                voucher=self.id,
                key=key,
                now=now,
                until=until,
            )
        )
        self.invalidate_recordset(["held_by", "held_until"])
        return bool(held)

    @api.model
    def _follow_used(self, state, codes, company, key) -> list[str]:
        """Mark the vouchers of a sale as used, open again those it uses no more.

        :param state: what the sale stands for
        :param codes: the money that each pays on the sale, by code
        :param company: vouchers of other companies are unknown
        :param key: under which the sale kept them while it was open
        :return: why some of them do not pay: sentences for a review
        """
        root, date = state.root, state.basket.date
        currency = self.env["res.currency"].browse(state.currency_id)
        of_company = self._get_domain_of(company, root)
        found = self.search(
            of_company
            & (Domain("used_by", "=", root) | Domain("code", "in", list(codes)))
        )
        dropped = found.filtered(lambda v: v.used_by == root and v.code not in codes)
        dropped.write({"state": "open", "used_by": False})
        why = []
        for code, money in codes.items():
            voucher = found.filtered(lambda voucher, code=code: voucher.code == code)
            words = {"code": code}
            if not voucher:
                why.append(self.env._("Voucher %(code)s does not exist.", **words))
            elif voucher.used_by != root and voucher.state != "open":
                why.append(self.env._("Voucher %(code)s was not valid.", **words))
            elif voucher.used_by != root:
                is_past = voucher.expires_on and voucher.expires_on < date
                if is_past and not voucher._is_held_for(key):
                    why.append(self.env._("Voucher %(code)s had expired.", **words))
                if voucher._is_missing_points():
                    why.append(
                        self.env._(
                            "Voucher %(code)s was bought with points that are missing.",
                            **words,
                        )
                    )
                voucher.write({"state": "used", "used_by": root, "held_by": False})
            worth = voucher and voucher._get_worth(currency, date)
            if voucher and worth < money:
                words["value"] = say_money(currency, worth)
                why.append(
                    self.env._("Voucher %(code)s is only worth %(value)s.", **words)
                )
        return why

    # === WHAT PEOPLE SEE === #

    def _get_receipt(self) -> dict:
        """Return what is printed of a voucher that was bought."""
        until = self.expires_on and self.env._(
            "Valid until %s", format_date(self.env, self.expires_on)
        )
        return {
            "code": self.code,
            "name": self.reward_id.name,
            "worth_text": self.currency_id.format(self.value),
            "expiring_text": until or "",
        }
