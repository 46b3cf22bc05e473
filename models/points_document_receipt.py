from __future__ import annotations

import json

from odoo import fields, models
from odoo.tools import SQL

from ..engine.evidence import awards_from
from ..engine.numbers import exact
from ..settlement.booked_balances import COMPARE_BALANCES
from ..wording.sentences import say_expiring, say_worth

_KEEP_NEXT_EXPIRY = f"""{COMPARE_BALANCES};
    UPDATE points_document SET next_expiry = (
           SELECT jsonb_object_agg(
                  account_id, jsonb_build_array(expires_on, points))
             FROM (SELECT DISTINCT ON (account_id) account_id, expires_on,
                          SUM(remaining)::float AS points
                     FROM points_lot WHERE remaining > 0 AND expires_on >= %(today)s
                      AND account_id IN (SELECT account_id FROM points_entry
                                          WHERE document_id = %(document)s)
                 GROUP BY account_id, expires_on
                 ORDER BY account_id, expires_on) next)
     WHERE id = %(document)s RETURNING next_expiry"""


class PointsDocumentReceipt(models.AbstractModel):
    """What a document says on the receipt of its sale, now and when printed again."""

    _name = "points.document.receipt"
    _description = "Receipt of a Document"

    # === BUSINESS METHODS === #

    def _keep_next_expiry(self, today):
        """Keep which points expire next: later nobody could tell how it was.

        In the same call the database compares balances with the ledger.
        """
        ((kept,),) = self.env.execute_query(
            SQL(_KEEP_NEXT_EXPIRY, today=today, document=self.id)
        )
        # Inserting would leave what a new record has in the cache: nothing.
        self._fields["next_expiry"]._update_cache(self, kept)

    def _notify_tills(self, accounts):
        """Tell whoever sells that these customers have other points now.

        One message, however many tills are open: Odoo lets every user listen to
        the groups it is in.
        """
        xml_id = "point_of_sale.group_pos_user"
        cashiers = self.env["ir.model.data"]._xmlid_to_res_id(xml_id)
        self.env["res.groups"].browse(cashiers)._bus_send(
            "CUSTOMER_POINTS",
            {"partner_ids": self.partner_id.ids, "account_ids": accounts.ids},
        )

    def _get_receipt(self, order) -> dict:
        """Return earned, redeemed, balance, next expiry and why, by program."""
        awards = self._get_awards(order)
        by_account = self.entry_ids.sorted("id").grouped("account_id")
        return {
            "accounts": [
                self._say_account(account, entries, awards)
                for account, entries in by_account.items()
            ],
            "vouchers": self._get_vouchers(order),
        }

    def _say_account(self, account, entries, awards) -> dict:
        """Return what the receipt says of one account."""
        facts = self._get_facts(entries[:1].program_id.id)
        earned, redeemed = (
            sum(exact(entry.points) for entry in entries if entry.kind in kinds)
            for kinds in (("earn", "return"), ("redeem", "restore"))
        )
        date, points = (self.next_expiry or {}).get(str(account.id), (None, 0))
        return {
            "name": facts.name,
            "earned_text": self._say_signed(facts, earned),
            "redeemed_text": self._say_signed(facts, redeemed),
            "balance_text": self._say(facts, exact(entries[-1:].balance_after)),
            "expiring_text": say_expiring(
                self.env,
                self._get_currency(facts),
                facts.mode == "value",
                points,
                fields.Date.to_date(date),
            ),
            "why": self._say_why(facts, awards),
        }

    def _get_awards(self, order) -> dict:
        """Return what the evidence says each program gave for the order."""
        evidence = json.loads(self.evidence or "{}").get(order._points_root(), {})
        return awards_from(evidence) if "p" in evidence else {}

    def _say_why(self, facts, awards) -> str:
        """Return in one line how the points of a program came about."""
        if facts.id not in awards:
            return ""
        return self._explain_briefly(facts.id, awards[facts.id])

    def _get_vouchers(self, order) -> list[dict]:
        """Return the vouchers that an order bought, to be printed with barcode."""
        if not any(line._points_gives_voucher() for line in order.lines):
            return []
        vouchers = self.env["points.voucher"].search(
            [("bought_on", "=", order._points_root()), ("state", "!=", "withdrawn")]
        )
        return [voucher._get_receipt() for voucher in vouchers]

    def _get_facts(self, program_id):
        programs = self.env["points.program"]._get_facts(self.company_id.id)
        return next(facts for facts in programs if facts.id == program_id)

    def _get_currency(self, facts):
        return self.env["res.currency"].browse(facts.currency_id)

    def _say(self, facts, points) -> str:
        is_value = facts.mode == "value"
        return say_worth(self.env, self._get_currency(facts), is_value, points)

    def _say_signed(self, facts, points) -> str:
        """Return points with their sign; empty when there are none."""
        if not points:
            return ""
        return f"{'+' if points > 0 else '−'}{self._say(facts, abs(points))}"
