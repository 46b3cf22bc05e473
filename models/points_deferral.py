from __future__ import annotations

import logging

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date
from odoo.tools.date_utils import start_of

from .. import const
from ..settlement.movements import read_movements
from ..settlement.program_facts import currency_rate

_logger = logging.getLogger(__name__)

#: Where nobody has said which day it is, a month ends once it has ended everywhere.
_LAST_ZONE = "Etc/GMT+12"
#: Draft entries count: they wait for somebody to post them.
_BOOKED = Domain("parent_state", "in", ("draft", "posted"))
#: Items of other accounts are no deferred revenue, whatever program they name.
_HOLDING = Domain("account_id.internal_group", "=", "liability")
_HOLDING &= Domain("account_id.account_type", "!=", "liability_payable")


class PointsDeferral(models.Model):
    """What a company defers of outstanding points at the end of a month.

    First a proposal, computed anew whenever somebody looks for it; once its journal
    entry is made, the report that explains the entry. What is booked already is read
    from the journal items themselves: an entry that was reversed or deleted is missing
    there, and is proposed again.
    """

    _name = "points.deferral"
    _description = "Deferred Revenue"
    _inherit = ["points.own.defaults", "mail.thread"]
    _order = "date desc, id desc"
    _mail_post_access = "read"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, help="Entries of this day are included.")
    move_id = fields.Many2one(
        "account.move",
        string="Journal Entry",
        index="btree_not_null",
        ondelete="cascade",
        copy=False,
    )
    line_ids = fields.One2many("points.deferral.line", "deferral_id", string="Programs")
    deferred = fields.Monetary(
        compute="_compute_amounts",
        help="The deferred revenue of all programs once the entry is booked.",
    )
    difference = fields.Monetary(
        string="To Book",
        compute="_compute_amounts",
        help="What the journal entry adds to the deferred revenue.",
    )
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("draft", "Draft Entry"),
            ("posted", "Posted"),
            ("reversed", "Reversed"),
        ],
        string="Status",
        compute="_compute_state",
        compute_sudo=True,
    )

    _proposed_uniq = models.UniqueIndex("(company_id) WHERE move_id IS NULL")

    # === COMPUTE METHODS === #

    @api.depends("date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for deferral in self:
            month = format_date(self.env, deferral.date, date_format="LLLL y")
            deferral.display_name = self.env._("Deferred Revenue %s", month)

    @api.depends("line_ids.deferred", "line_ids.difference")
    def _compute_amounts(self):
        for deferral in self:
            deferral.deferred = sum(deferral.line_ids.mapped("deferred"))
            deferral.difference = sum(deferral.line_ids.mapped("difference"))

    @api.depends("move_id.state", "move_id.reversal_move_ids.state")
    def _compute_state(self):
        for deferral in self:
            move = deferral.move_id
            reversals = move.reversal_move_ids
            if move.state == "cancel" or set(reversals.mapped("state")) - {"cancel"}:
                deferral.state = "reversed"
            else:
                deferral.state = move.state or "proposed"

    # === ACTION METHODS === #

    def action_propose(self):
        """Show what would be booked for the month that ended, as it is now.

        :raise AccessError: for who does not keep the books of points
        :raise UserError: when nothing is deferred
        """
        self._check_keeper()
        return self._propose_something(self.env.company)._get_records_action()

    def action_book(self):
        """Make the journal entry.

        :raise AccessError: for who does not keep the books of points
        :raise UserError: saying what to do first
        """
        self.ensure_one()
        self.check_access("read")
        self._check_keeper()
        self._check_proposed()
        self._propose_something(self.company_id)._book()
        if not self.move_id:
            raise UserError(
                self.env._("There is nothing to book: the books agree with the ledger.")
            )
        return self.action_view_entry()

    def action_export(self):
        """Download it as a workbook."""
        self.ensure_one()
        return self.env["points.report.asked"]._get_download_of(self, "xlsx")

    def action_view_entry(self):
        """Open the journal entry.

        :raise UserError: when there is none yet
        """
        self.ensure_one()
        if not self.move_id:
            raise UserError(self.env._("There is no journal entry yet: create it."))
        return self.move_id._get_records_action()

    # === BUSINESS METHODS === #

    @api.model
    def _get_deferring(self, company, day):
        """Return the programs whose points are deferred on a day, or were."""
        Program = self.env["points.program"].sudo().with_context(active_test=False)
        of_company = Domain("company_id", "=", company.id)
        booked = self._get_booked(company, day)
        is_booked = Domain("id", "in", [id_ for id_, _account in booked])
        return Program.search(
            of_company & (Domain("has_deferral", "=", True) | is_booked)
        )

    @api.model
    def _get_booked(self, company, day) -> dict[tuple[int, int], float]:
        """Return what the books say of deferred revenue, by program and account.

        That is what was booked for it, on whatever day, less what payments with points
        took until ``day``: those of later days are not of that month.
        """
        items_sudo = self.env["account.move.line"].sudo()
        groups = items_sudo._read_group(
            Domain("points_program_id.company_id", "=", company.id)
            & _HOLDING
            & _BOOKED,
            ["points_program_id", "account_id"],
            ["balance:sum"],
        )
        booked = {
            (program.id, account.id): -balance for program, account, balance in groups
        }
        for key, money in self._get_paid(company, booked, day).items():
            booked[key] = booked.get(key, 0.0) - money
        currency = company.currency_id
        booked = {key: currency.round(money) for key, money in booked.items()}
        return {key: money for key, money in booked.items() if money}

    @api.model
    def _get_paid(self, company, booked, day) -> dict[tuple[int, int], float]:
        """Return what payments with points took off the accounts until a day.

        :param booked: programs and accounts that hold deferred revenue
        """
        journals = self._get_paying_journals(company)
        accounts = {account_id for _program, account_id in booked}
        accounts.add(company.sudo().points_deferral_account_id.id)
        items_sudo = self.env["account.move.line"].sudo()
        groups = items_sudo._read_group(
            Domain("points_program_id", "=", False)
            & Domain("journal_id", "in", list(journals))
            & Domain("account_id", "in", list(accounts))
            & Domain("date", "<=", day)
            & _BOOKED,
            ["journal_id", "account_id"],
            ["balance:sum"],
        )
        paid: dict[tuple[int, int], float] = {}
        for journal, account, balance in groups:
            key = journals[journal.id], account.id
            paid[key] = paid.get(key, 0.0) + balance
        return paid

    @api.model
    def _get_paying_journals(self, company) -> dict[int, int]:
        """Return the journals of payments with points, and of which program each."""
        paying = [("points_program_id.company_id", "=", company.id)]
        journals, methods = (
            self.env[name].sudo().with_context(active_test=False).search(paying)
            for name in ("account.journal", "pos.payment.method")
        )
        return {
            **{method.journal_id.id: method.points_program_id.id for method in methods},
            **{journal.id: journal.points_program_id.id for journal in journals},
        }

    @api.model
    def _get_last_lines(self, programs) -> dict:
        """Return how each program was booked the last time, by program."""
        lines = self.env["points.deferral.line"].sudo()
        lines = lines.search(
            [
                ("program_id", "in", programs.ids),
                ("deferral_id.move_id.state", "in", ("draft", "posted")),
            ]
        ).filtered(lambda line: line.deferral_id.state != "reversed")
        # The newest last: it stays in the dict.
        lines = lines.sorted(lambda line: (line.deferral_id.date, line.id))
        return {line.program_id: line for line in lines}

    @api.model
    def _propose(self, company):
        """Return the proposal of a company for the month that ended, made anew.

        What was left out of earlier months is in it. It is empty where no program
        defers.
        """
        day = start_of(company._get_points_today(), "month") - relativedelta(days=1)
        programs = self._get_deferring(company, day)
        waiting = Domain("company_id", "=", company.id) & Domain("move_id", "=", False)
        proposal_sudo = self.sudo().search(waiting, limit=1)
        if not programs:
            proposal_sudo.unlink()
            return self.browse()
        if not proposal_sudo:
            values = {"company_id": company.id, "date": day}
            proposal_sudo = self.sudo().create(values)
        lines = self._prepare_lines(company, programs, day)
        commands = [Command.clear(), *map(Command.create, lines)]
        proposal_sudo.write({"date": day, "line_ids": commands})
        return proposal_sudo.with_env(self.env)

    @api.model
    def _propose_something(self, company):
        """Return the proposal of a company.

        :raise UserError: when no program defers
        """
        deferral = self._propose(company)
        if not deferral:
            raise UserError(
                self.env._(
                    "No program defers revenue: switch it on in the tab Accounting of "
                    "a program."
                )
            )
        return deferral

    def _prepare_lines(self, company, programs, day) -> list[dict]:
        last = self._get_last_lines(programs)
        first_day = start_of(day, "month")
        begun = {program.id: (first_day, 0.0) for program in programs}
        for program, line in last.items():
            since = line.deferral_id.date + relativedelta(days=1)
            begun[program.id] = since, line.points_end
        movements = read_movements(self.env, begun, day)
        every = self._get_booked(company, day)
        booked = self._sum_programs(every)
        paid = self._sum_programs(self._get_paid(company, every, day))
        currency = company.currency_id
        lines = []
        for program in programs:
            exchange = currency_rate(program.currency_id, currency, company, day)
            movement = movements[program.id]
            line = last.get(program)
            values = {
                "program_id": program.id,
                "date_from": begun[program.id][0],
                "value_per_point": program._get_point_value(),
                "redemption_rate": program._get_redemption_rate(day),
                "exchange_rate": float(exchange),
                "deferred_before": line.deferred if line else 0.0,
                "booked": booked.get(program.id, 0.0),
                "paid": paid.get(program.id, 0.0),
                "paid_before": line.paid if line else 0.0,
                "points_end": float(movement.end),
            }
            for name in movement.__dataclass_fields__:
                values[f"points_{name}"] = float(getattr(movement, name))
            lines.append(values)
        return lines

    @api.model
    def _sum_programs(self, booked) -> dict[int, float]:
        """Return money by program, of all accounts together."""
        sums: dict[int, float] = {}
        for (program_id, _account), money in booked.items():
            sums[program_id] = sums.get(program_id, 0.0) + money
        return sums

    def _book(self):
        """Make the journal entry of a proposal, if there is something to book.

        :raise UserError: saying what to do first
        """
        company = self.company_id.sudo()
        journal, account, revenue = company._get_points_books()
        lines = self._prepare_items(account, revenue)
        if not lines:
            return
        Move = self.env["account.move"].with_company(company)
        move = Move.create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "date": self.date,
                "ref": self.display_name,
                "line_ids": [Command.create(line) for line in lines],
            }
        )
        # Of two who book at once, one has to begin again.
        self.sudo().move_id = move
        self.flush_recordset()
        made = self.env._("Explained by %(report)s.", report=self._get_html_link())
        move.message_post(body=made)
        if company.points_deferral_posted:
            move.action_post()
        if move.date != self.date:
            self.message_post(
                body=self.env._(
                    "The entry is of %(date)s, because the period before is locked.",
                    date=format_date(self.env, move.date),
                )
            )

    def _prepare_items(self, account, revenue) -> list[dict]:
        """Return the journal items: pairs that add up to zero."""
        items = []
        for line in self.line_ids:
            for label, money in line._say_parts():
                own = {
                    "account_id": account.id,
                    "points_program_id": line.program_id.id,
                }
                items.append({"name": label, **own, "balance": -money})
                other = {"account_id": revenue.id, "balance": money}
                items.append({"name": label, **other})
        programs = self.line_ids.program_id
        booked = self._get_booked(self.company_id, self.date)
        for (program_id, account_id), money in booked.items():
            if account_id == account.id or program_id not in programs.ids:
                continue
            label = self.env._(
                "%(program)s: moved from the account used before",
                program=programs.browse(program_id).name,
            )
            item = {"name": label, "points_program_id": program_id}
            items.append({**item, "account_id": account_id, "balance": money})
            items.append({**item, "account_id": account.id, "balance": -money})
        return items

    # === CHECKS === #

    @api.model
    def _check_keeper(self):
        """Refuse who does not keep the books of points.

        :raise AccessError: for who is no manager of points, or no accountant
        """
        is_manager = self.env.user.has_group("customer_points.group_points_manager")
        if not (is_manager and self.env.user.has_groups(const.ACCOUNTANTS)):
            raise AccessError(
                self.env._(
                    "Only Customer Points managers who are accountants as well can "
                    "book deferred revenue."
                )
            )

    def _check_proposed(self):
        if self.move_id:
            raise UserError(
                self.env._("%(name)s is booked already.", name=self.display_name)
            )

    # === CRON === #

    @api.model
    def _cron_book(self):
        """Book the month that ended, company by company; none keeps another from it.

        Where Odoo or a setting refuses the entry, its proposal says why.
        """
        Cron = self.env["ir.cron"]
        deferrals = self.with_context(tz=_LAST_ZONE)
        programs = self.env["points.program"].with_context(active_test=False)
        companies = programs.search([("has_deferral", "=", True)]).company_id
        # Those that defer no more may have something to release.
        companies |= companies.union(
            *(company for (company,) in self._read_group([], ["company_id"]))
        )
        Cron._commit_progress(remaining=len(companies))
        for company in companies.with_env(deferrals.env):
            try:
                with self.env.cr.savepoint():
                    reading = deferrals.with_context(lang=company.partner_id.lang)
                    reading.with_company(company)._propose_and_book(company)
            except Exception:
                _logger.warning("%s defers nothing today", company, exc_info=True)
            if not Cron._commit_progress(1):
                break

    def _propose_and_book(self, company):
        deferral = self._propose(company)
        if not deferral:
            return
        try:
            with self.env.cr.savepoint():
                deferral._book()
            if not deferral.move_id:
                deferral.unlink()
        except UserError as error:
            refused = self.env._("There is no journal entry yet: %(why)s", why=error)
            deferral.message_post(body=refused)
