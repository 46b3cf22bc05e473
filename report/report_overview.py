from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from .overview_figures import PERIODS, OverviewFigures, OverviewPeriod
from .overview_screen import OverviewScreen


class ReportOverview(models.AbstractModel):
    """The first screen of the app: how programs do, or how to make the first one."""

    _name = "report.customer_points.overview"
    _description = "Overview"

    # === RPC === #

    @api.model
    @api.readonly
    def points_overview(
        self, period="month", program_id=False, date_from=False, date_to=False
    ) -> dict:
        """Return what the overview shows, of what the reader may read.

        :param period: ``month``, ``last_30_days``, ``quarter``, ``last_12_months``,
            ``year``; else the days from ``date_from`` to ``date_to``
        :param program_id: the program to look at; False: all of them
        :raise AccessError: for who may not see points
        :raise UserError: for days that are no period
        """
        self.env["points.entry"].check_access("read")
        Program = self.env["points.program"]
        programs = Program.with_context(active_test=False).search(
            Domain.TRUE, order="active DESC, name, id"
        )
        answer = {"is_manager": Program.has_access("create"), "ways": self._get_ways()}
        if not programs:
            return {**answer, "steps": self._get_steps(programs)}
        days = self._get_period(period, date_from, date_to)
        chosen = programs.filtered(lambda program: program.id == program_id)
        today = self.env.company._get_points_today()
        figures = OverviewFigures(programs, chosen or programs, days, today).find()
        screen = OverviewScreen(figures)
        return {
            **answer,
            "steps": self._get_steps(programs),
            "period": period if period in PERIODS else "custom",
            "date_from": f"{days.start}",
            "date_to": f"{days.end}",
            "period_text": self._say_period(days),
            "program_id": chosen.id,
            "programs": [
                {"id": program.id, "name": program.name} for program in programs
            ],
            "tiles": screen.tiles(),
            "charts": screen.charts(),
            "cards": screen.cards(),
            "rewards": screen.rewards(),
        }

    def _get_period(self, period, date_from, date_to) -> OverviewPeriod:
        today = self.env.company._get_points_today()
        if isinstance(period, str) and period in PERIODS:
            return OverviewPeriod.named(period, today)
        if period != "custom":
            raise UserError(self.env._("There is no such period: select another."))
        return OverviewPeriod.typed(self.env, date_from, date_to)

    def _say_period(self, days: OverviewPeriod) -> str:
        return self.env._(
            "%(start)s to %(end)s",
            start=format_date(self.env, days.start),
            end=format_date(self.env, days.end),
        )

    # === START PAGE === #

    def _get_ways(self) -> list[dict]:
        """Return the cards that managers make programs by."""
        Start = self.env["points.program.start"]
        if not Start.has_access("create"):
            return []
        texts = Start._say_ways()
        ways = Start._fields["way"]._description_selection(self.env)
        return [{"key": way, "name": name, "text": texts[way]} for way, name in ways]

    def _get_steps(self, programs) -> list[dict]:
        """Return what is to be done until points are earned, and what is done."""
        is_open = any(program.membership == "everyone" for program in programs)
        Account, Entry = self.env["points.account"], self.env["points.entry"]
        has_earned = bool(Entry.search_count([("kind", "=", "earn")], limit=1))
        has_members = has_earned or bool(Account.search_count([], limit=1))
        allocate = "customer_points.points_account_action_allocation"
        return [
            {
                "key": "program",
                "name": self.env._("Program"),
                "text": self.env._("Choose how customers earn points."),
                "is_done": bool(programs),
                "action": False,
            },
            {
                "key": "customers",
                "name": self.env._("Customers"),
                "text": self.env._("Add customers, unless everyone is in the program."),
                "is_done": is_open or has_members,
                "action": allocate if programs else False,
            },
            {
                "key": "order",
                "name": self.env._("First Order"),
                "text": self.env._(
                    "Sell to a customer at the register, or post an invoice."
                ),
                "is_done": has_earned,
                "action": False,
            },
        ]
