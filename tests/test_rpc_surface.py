import inspect
import json
import reprlib
import traceback
import warnings
from decimal import Decimal
from pathlib import Path

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.service.model import get_public_method
from odoo.tests import tagged

from .attack_common import ROLES, SELLERS, TABLES, AttackCommon
from .common import ROOMS

_OURS = "odoo.addons.customer_points"
_HOME = Path(__file__).resolve().parent.parent
_KEY = "pos:attack-order-0001"
#: What answers a browser in words; all else would show what is inside.
_SAID = (UserError, AccessError, MissingError)
#: What a points user may change, and who sells may keep for an open order.
_OPEN = ("points_account", "points_hold", "points_voucher")
_KEPT = tuple(name for name in TABLES if name not in _OPEN)

#: Buttons that change something, and who may press them.
_USER, _MANAGER = ("user", "manager"), ("manager",)
_BUTTONS = {
    ("points.account", "action_block"): _USER,
    ("points.account", "action_unblock"): _USER,
    ("points.account", "action_detach"): _MANAGER,
    ("points.account.adjust", "action_adjust"): _MANAGER,
    ("points.account.allocate", "action_allocate"): _USER,
    ("points.account.block", "action_block"): _USER,
    ("points.account.block", "action_unblock"): _USER,
    ("points.account.transfer", "action_transfer"): _MANAGER,
    ("points.adjustment", "action_approve"): _MANAGER,
    ("points.adjustment", "action_refuse"): _MANAGER,
    ("points.adjustment.refuse", "action_refuse"): _MANAGER,
    ("points.account.save.template", "action_save"): _MANAGER,
    ("points.account.save.template", "action_overwrite"): _MANAGER,
    ("points.account.use.template", "action_use"): _MANAGER,
    ("points.check", "action_check_setup"): _MANAGER,
    ("points.program.start", "action_start"): _MANAGER,
    ("points.recalculate", "action_confirm"): _MANAGER,
    ("points.review", "action_settle"): _MANAGER,
    ("points.review", "action_done"): _MANAGER,
    ("points.review", "action_move_points"): _MANAGER,
    ("points.voucher", "action_use"): _USER,
    ("pos.order", "action_recalculate_points"): _MANAGER,
    ("account.move", "action_recalculate_points"): _MANAGER,
}
#: Who may take points away by undoing what earned them.
_TAKES = {("clerk", "account.move"), ("cashier", "pos.payment")}
#: Methods of other modules that we add to.
_OVERRIDES = ("read_pos_data", "button_draft", "button_cancel", "action_pos_order_paid")
_KNOWN = {
    ("pos.order", "points_preview"),
    ("pos.order", "points_receipt"),
    ("points.account", "points_reserve"),
    ("points.account", "points_release"),
    ("points.voucher", "points_take"),
    ("points.voucher", "points_give_back"),
    ("res.partner", "points_summary"),
    ("res.partner", "points_balances"),
    ("res.partner", "points_join"),
    ("points.rule", "formula_check"),
    ("points.program", "create"),
    ("report.customer_points.overview", "points_overview"),
    ("points.deferral", "action_propose"),
    ("points.deferral", "action_book"),
    *_BUTTONS,
}


def _say(value):
    """Return the beginning of a value, however deep it is."""
    short = reprlib.Repr()
    short.maxlevel, short.maxother = 2, 80
    return short.repr(value)


def _get_strange(answer):
    """Return why an answer to a register is not of plain values; empty: it is."""
    try:
        json.dumps(answer)
    except (TypeError, ValueError) as error:
        return _say(error)
    return ""


def _is_ours(frame):
    path = Path(frame.filename).resolve()
    return path.is_relative_to(_HOME) and path.relative_to(_HOME).parts[0] in ROOMS


def _get_place(error):
    """Return where in our code an error came from; empty: not there."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if _is_ours(frame)]
    return f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""


def _nested(depth, kind):
    value = kind()
    for _level in range(depth):
        value = [value] if kind is list else {"lines": value, "sale": value}
    return value


_HOSTILE = (
    *(None, "", True, 0, -1, 2**63, 10**400, 1e308),
    *(float("nan"), float("inf"), [], [None], [[]], [2**63], {}),
    {"__class__": "x", "points": 10**6, "uuid": ["x"], "lines": {"qty": 1}},
    {"lines": [{"product_id": 2**63, "qty": "x", "points_reward_id": {}}, None, 7]},
    {"partner_id": 2**63, "session_id": -1, "amount_total": "1", "uuid": {}},
    {"partner_id": [1], "lines": [{"product_id": [], "discount": float("nan")}]},
    *(_nested(1000, list), _nested(1000, dict)),
    *("' OR 1=1; DROP TABLE points_entry; --", "<script>alert(1)</script>", "\x00"),
    "x" * 10**5,
)


@tagged("post_install", "-at_install")
class TestRpcSurface(AttackCommon):
    """Every public method we define, as every role, with whatever a browser sends."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.victim.template_id = cls.env["points.template"].search([], limit=1)
        cls._make_dialogs(cls.env(user=cls.roles["manager"].id))
        cls.honest_arguments = {
            "key": _KEY,
            "sale": 100.0,
            "reward": cls.reward.id,
            "quantity": 1,
            "code": cls.voucher.code,
            "program_id": cls.program.id,
            "period": "month",
            "formula": "amount",
            "context": "product",
            "vals_list": [{}],
            "vals": {},
            "fields": [],
            "data": [],
            "config": False,
        }

    @classmethod
    def _make_dialogs(cls, env):
        """Open every dialog once, as somebody who may."""
        account = {"account_id": cls.account.id}
        template = cls.victim.template_id
        for name, values in {
            "points.account.adjust": {**account, "points": 5, "reason": "Test"},
            "points.account.block": {
                "account_ids": [(4, cls.account.id)],
                "reason": "Test",
            },
            "points.account.transfer": {
                **account,
                "partner_id": cls.other_customer.id,
                "points": 5,
                "reason": "Test",
            },
            "points.adjustment.refuse": {
                "adjustment_ids": [(4, cls._request().id)],
                "reason": "Test",
            },
            "points.account.save.template": {**account, "name": "Saved"},
            "points.account.use.template": {**account, "template_id": template.id},
            "points.account.allocate": {
                "program_id": cls.program.id,
                "partner_ids": [(4, cls.newcomer.id)],
            },
            "points.account.print": {},
            "points.category.print": {},
            "points.program.print": {},
            "points.program.preview": {
                "program_id": cls.program.id,
                "line_ids": [(0, 0, {"product_id": cls.cake.id})],
            },
            "points.program.start": {"way": "amount"},
            "points.rule.preview": {"rule_id": cls.program.rule_ids.id},
        }.items():
            env[name].create(values)
        found = {"subject": "Test", "name": "Test", "place": "points.account,1"}
        env["points.check"].sudo().create(found)
        sales = {"res_model": "account.move", "res_ids": cls.invoice.ids}
        env["points.recalculate"].sudo().create(sales)

    @classmethod
    def _request(cls):
        """Return an adjustment that waits for the manager's approval."""
        Request = cls.env["points.adjustment"]
        return Request._request(cls.account, Decimal(5), "Test")

    # === THE LIST === #

    def _get_methods(self):
        """Yield (model, name of a method) of all that RPC reaches and we define."""
        for name, model in sorted(self.env.items()):
            ours = {
                attribute
                for cls in type(model).mro()
                for attribute, function in vars(cls).items()
                if inspect.isfunction(function)
                and inspect.unwrap(function).__module__.startswith(_OURS)
            }
            # It answers with what it was given, whatever that is.
            for attribute in sorted(ours - {"copy_data"}):
                try:
                    get_public_method(model, attribute)
                except AccessError:
                    continue
                yield name, attribute

    def test_the_list_is_complete(self):
        found = set(self._get_methods())

        self.assertLessEqual(_KNOWN, found)
        self.assertFalse({name for _model, name in found if name[0] == "_"})
        self.assertNotIn(("points.entry", "init"), found)

    # === HOSTILE ARGUMENTS === #

    def test_whatever_is_sent_grants_nothing_tells_nothing_and_is_answered(self):
        self.enterContext(warnings.catch_warnings())
        # Odoo warns of operators that nobody uses any more.
        warnings.simplefilter("ignore", DeprecationWarning)
        for model, name in self._get_methods():
            for role in ROLES:
                with self.subTest(f"{model}.{name}", role=role), self._undone():
                    # A clerk cancels invoices, a cashier takes payments off orders,
                    # with the points that they gave.
                    may = (role, model) in _TAKES
                    kept = _KEPT if role in SELLERS else TABLES
                    kept = () if may else kept
                    before, tables = self._read_state(), self._read_tables(*kept)
                    faults = list(self._get_faults(model, name, role))
                    self.assertNothingGranted(before, takes=600 if may else 0)
                    if kept:
                        self.assertEqual(self._read_tables(*kept), tables)
                    self.assertFalse(faults)

    def _get_faults(self, model, name, role):
        """Call a method in every hostile way; yield what should not have come."""
        for args in self._get_calls(model, name):
            answer, error = self._attempt(self._rpc, role, model, name, *args)
            try:
                self.assertNothingTold(role, answer, error)
            except AssertionError:
                yield f"{_say(args)}: told {_say(answer or error)}"
            fault = self._get_fault(name, error)
            if not error and name.startswith("points_"):
                fault = _get_strange(answer)
            if fault:
                yield f"{_say(args)}: {fault}"

    def _get_fault(self, name, error):
        """Return what is wrong with an error that is no sentence; empty: nothing.

        A wrong number of arguments or records is Odoo's to refuse, before our code
        does anything; so are values that are no dict in what every model has.
        """
        if not error or isinstance(error, _SAID):
            return ""
        *_callers, (frame, _line) = traceback.walk_tb(error.__traceback__)
        is_count = isinstance(error, TypeError) and frame.f_code.co_name == "call_kw"
        if is_count or frame.f_code.co_name == "ensure_one":
            return ""
        # What an abstract model leaves to its heirs has no text to tell.
        if isinstance(error, NotImplementedError) and not str(error):
            return ""
        if hasattr(self.env["base"], name) or name in _OVERRIDES:
            return ""
        return f"{type(error).__name__} {_say(error)} {_get_place(error)}"

    def _get_calls(self, model, name):
        """Yield arguments: each hostile value for each parameter, one at a time."""
        method = get_public_method(self.env[model], name)
        names = list(inspect.signature(method).parameters)[1:]
        is_of_model = getattr(method, "_api_model", False)
        honest = [self.honest_arguments.get(name) for name in names]
        ids = [] if is_of_model else [self._get_ids(model)]
        yield [*ids, *honest]
        for place in range(len(names)):
            for value in _HOSTILE:
                yield [*ids, *honest[:place], value, *honest[place + 1 :]]
        yield [*ids, *honest, None]
        if names:
            yield ids
        for others in (
            () if is_of_model else ([], [-1], [10**9], self._get_abroad(model))
        ):
            yield [others, *honest]

    def _get_ids(self, model):
        """Return a record of the shop to call a method of."""
        record = {
            "points.account": self.victim,
            "points.voucher": self.voucher,
            "res.partner": self.victim.partner_id,
            "pos.order": self.sold,
            "account.move": self.invoice,
        }.get(model)
        if record is not None:
            return record.ids
        records = self.env[model].sudo()
        if records._abstract:
            return []
        # Of dialogs the newest: it was opened by who may press its buttons.
        newest = "id desc" if records._transient else None
        return records.search([], order=newest, limit=1).ids

    def _get_abroad(self, model):
        """Return records of another company, where there are any."""
        records = self.env[model].sudo()
        if records._abstract or "company_id" not in records._fields:
            return []
        return records.search([("company_id", "=", self.elsewhere.id)], limit=2).ids

    # === BUTTONS === #

    def test_buttons_need_their_group(self):
        for (model, name), allowed in _BUTTONS.items():
            for role in (*ROLES, "manager"):
                if role in allowed:
                    continue
                with self.subTest(f"{model}.{name}", role=role), self._undone():
                    with self.assertRaises(AccessError):
                        self._rpc(role, model, name, self._get_ids(model))

    def test_managers_may_press_them(self):
        for model, name in _BUTTONS:
            with self.subTest(f"{model}.{name}"), self._undone():
                _answer, error = self._attempt(
                    self._rpc, "manager", model, name, self._get_ids(model)
                )
                self.assertNotIsInstance(error, AccessError)
