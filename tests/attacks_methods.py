"""What registers, salespeople and clerks may ask for, of other companies too."""

import json

from odoo.fields import Command

from .attack_common import OTHERS, ROLES, SELLERS
from .attacks import Attack, call, named, resolve

_KEY = "pos:attack-order-0001"
_VICTIM_KEY = "pos:victim-order-0001"
NAN, INF = float("nan"), float("inf")
#: What managers make.
_PROMISED = ("points_program", "points_reward")
_PAID = {"price_subtotal": 100, "price_subtotal_incl": 100}


def _ids(name):
    return lambda shop: getattr(shop, name).ids


def asking():
    """Yield questions of a register about whom it may know nothing."""
    for name, way in {
        "summary of a customer": call(
            "res.partner",
            "points_summary",
            lambda shop: shop.victim.partner_id.ids,
            _KEY,
        ),
        "summary with another company": call(
            "res.partner",
            "points_summary",
            lambda shop: shop.victim.partner_id.ids,
            _KEY,
            context=_elsewhere,
        ),
        "summary of another company's customer": call(
            "res.partner", "points_summary", _ids("foreign_partner"), _KEY
        ),
        "why the customer has no points": call(
            "res.partner",
            "action_why_no_points",
            lambda shop: shop.victim.partner_id.ids,
        ),
        "a voucher of another company": call(
            "points.voucher",
            "points_take",
            [],
            lambda shop: shop.foreign_voucher.code,
            _KEY,
        ),
        "a receipt of an order": call("pos.order", "points_receipt", _ids("sold")),
        "data of a register": _load_data,
    }.items():
        # The other company's cashier may ask for its own.
        yield Attack(name, way, tuple(role for role in ROLES))


def _victim(shop):
    return shop.victim.partner_id.ids


def _elsewhere(shop):
    return {"allowed_company_ids": shop.elsewhere.ids}


def _load_data(shop, role):
    names = ["points.program", "points.reward", "pos.order", "pos.config"]
    session = shop.pos_session.ids
    return shop._rpc(role, "pos.session", "load_data", session, names)


def previews():
    """Yield open orders that name what a register may not know, or are odd."""
    sale = {
        "uuid": "attack-order-0001",
        "partner_id": named("customer"),
        "session_id": named("pos_session"),
        "amount_total": 100,
        "lines": [
            {"product_id": named("cake"), "qty": 1, "price_unit": 100, **_PAID},
        ],
    }
    for name, values in {
        "customer of another company": {"partner_id": named("foreign_partner")},
        "product of another company": {
            "lines": [
                {"product_id": named("foreign_product"), "qty": 1, "price_unit": 9}
            ]
        },
        "reward of another company": {
            "lines": [{"points_reward_id": named("foreign_reward"), "qty": 1}]
        },
        "session that is none": {"session_id": 10**9},
        "customer that is huge": {"partner_id": 2**63},
        "session that is huge": {"session_id": 2**31},
        "product that is huge": {"lines": [{"product_id": 2**63, "qty": 1}]},
        "numbers that are none": {
            "amount_total": NAN,
            "lines": [{"product_id": named("cake"), "qty": INF, "price_unit": NAN}],
        },
        "lines that are none": {"lines": [None, 1, "x", [], {"lines": []}]},
        "nothing to earn": {"lines": [{"product_id": named("cake"), "qty": 1}]},
        "identity of others": {"uuid": "victim-order-0001"},
    }.items():
        way = call("pos.order", "points_preview", [], {**sale, **values})
        yield Attack(f"preview: {name}", way, SELLERS, check=_is_answered)
        summary = call(
            "res.partner", "points_summary", _ids("customer"), _KEY, {**sale, **values}
        )
        yield Attack(f"summary: {name}", summary, SELLERS, check=_is_answered)
    for context in (
        {"uom": named("small_unit")},
        {"quantity": 10**6},
        {"pricelist": 1},
        {"default_points_type": "loypay"},
        {"points_door": True},
        {"active_test": False},
        {"lang": "xx_XX"},
        {"tz": "Nowhere/Else"},
        {"uid": 1},
        {"su": True},
        {"bin_size": True, "prefetch_fields": False},
    ):
        way = _with_nothing_known(
            call("pos.order", "points_preview", [], sale, context=context)
        )
        yield Attack(
            f"preview with context {next(iter(context))}",
            way,
            SELLERS,
            check=_has_same_facts,
        )


def _with_nothing_known(way):
    """Return the way of a call that comes first after a restart."""

    def first(shop, role):
        shop.env.registry.clear_cache()
        return way(shop, role)

    return first


def _is_answered(shop, answer, error):
    """A register always gets an answer, of plain values: a customer waits for it."""
    shop.assertIsNone(error)
    shop.assertEqual(json.loads(json.dumps(answer)), answer)


def _has_same_facts(shop, _answer, _error):
    """What all registers know of programs is not changed by what one of them sent."""
    known = shop.env["points.program"]._get_facts(shop.company.id)
    shop.env.registry.clear_cache()
    shop.env.invalidate_all()
    fresh = shop.env["points.program"]._get_facts(shop.company.id)
    shop.assertTrue(known == fresh, "Programs were changed by a context")


def joining():
    """Yield who lists, or lets join, customers and programs that are not theirs."""
    newcomer, program = _ids("newcomer"), named("program")

    def join(customers, told, sale=None, **kwargs):
        method = (customers, told, _KEY, sale)
        return _open(call("res.partner", "points_join", *method, **kwargs))

    def balances(customers, *args, **kwargs):
        return call("res.partner", "points_balances", customers, *args, **kwargs)

    kept, session = ("points_account",), {"session_id": named("pos_session")}
    yield Attack(
        "join by who does not sell", join(newcomer, program), OTHERS, kept=kept
    )
    for name, way in {
        "a program of another company": join(newcomer, named("foreign_program")),
        "with another company": join(
            newcomer, named("foreign_program"), context=_elsewhere
        ),
        "a customer of another company": join(_ids("foreign_partner"), program),
        "nobody": join([], program),
        "a customer that is none": join([10**9], program),
        "a customer that is huge": join([2**63], program),
        "customers, one of them of others": join(
            lambda shop: (shop.newcomer | shop.foreign_partner).ids, program
        ),
        "an order that is none": call(
            "res.partner", "points_join", newcomer, program, "pos:x"
        ),
    }.items():
        yield Attack(f"join: {name}", way, SELLERS, kept=kept)
    for told in (None, True, "x", "1", [1], {}, NAN, INF, 10**30, -1):
        way = join(newcomer, told, session)
        yield Attack(f"join program {told}", way, kept=kept, check=_is_answered)
    for told in (True, "x", [], NAN, {"session_id": 2**70}, {"lines": [[]], "uuid": 5}):
        way = join(newcomer, program, told)
        yield Attack(f"join with sale {told}", way, check=_is_answered)
    way = join(newcomer, program, session, context={"default_state": "blocked"})
    yield Attack("join with a state", way, check=_is_member)
    yield Attack("balances of a customer", balances(_victim), ROLES)
    yield Attack("balances with another company", balances(_victim, context=_elsewhere))
    yield Attack("balances of another company", balances(_ids("foreign_partner")))
    for told in (None, True, "x", [1], {}, NAN, 2**70, named("pos_session")):
        way = balances(_victim, told)
        yield Attack(f"balances, session {told}", way, SELLERS, check=_is_answered)


def _open(way):
    """Return the way into programs that customers may join at a register."""

    def join(shop, role):
        (shop.program | shop.foreign_program).join_at_register = True
        return way(shop, role)

    return join


def _is_member(shop, _answer, error):
    shop.assertIsNone(error)
    account = shop.program.sudo()._get_account(shop.newcomer)
    shop.assertEqual((account.state, account.balance), ("active", 0))


def managing():
    """Yield what managers may do nowhere else, or others not at all."""
    others = ("cashier", "salesperson", "user", *OTHERS)
    reward = {"program_id": named("program"), "name": "Gift", "value": 5}
    foreign = {**reward, "program_id": named("foreign_program")}
    products = ("product_product", "product_template", *_PROMISED)
    defaults = {"default_standard_price": 55, "default_description": "Forged"}
    for name, values, roles in (
        ("a reward by who makes none", reward, others),
        ("a reward of another company", foreign, ("manager", *others)),
        ("a reward below zero", {**reward, "value": -1}, ("manager",)),
        ("a reward of nothing", {**reward, "value": 0}, ("manager",)),
        ("a reward without end", {**reward, "value": INF}, ("manager",)),
        ("a reward of NaN", {**reward, "value": NAN}, ("manager",)),
        ("a reward without a name", {**reward, "name": False}, ("manager",)),
        ("a gift of nothing", {**reward, "kind": "gift"}, ("manager",)),
    ):
        way = call("points.reward", "create", [values])
        yield Attack(name, way, roles, kept=products)
    way = call("points.reward", "create", [reward], context=defaults)
    yield Attack("a reward with defaults", way, ("manager",), check=_has_no_defaults)
    settings = {"company_id": named("elsewhere"), "points_hold_days": 99}
    kept = ("res_company", "account_journal")
    new = {"name": "Forged", "type": "sale", "code": "FRG"}
    for name, way in {
        "settings of another company": call("points.settings", "create", [settings]),
        "settings moved to another company": _write_settings(settings),
        "settings read in another company": _read_settings,
        "a journal made by settings": call(
            "points.settings", "create", [{"points_journal_ids": [Command.create(new)]}]
        ),
    }.items():
        yield Attack(name, way, ("manager", *others), kept=kept)


def _has_no_defaults(shop, answer, error):
    shop.assertIsNone(error)
    product = shop.env["points.reward"].browse(answer).product_id
    shop.assertEqual((product.standard_price, product.description), (0, False))


def _write_settings(values):
    def way(shop, role):
        settings = shop._rpc(role, "points.settings", "create", {})
        told = resolve(values, shop)
        return shop._rpc(role, "points.settings", "write", [settings], told)

    return way


def _read_settings(shop, role):
    shop.elsewhere.points_functions_off = "stackeddiscount"
    told = {"company_id": shop.elsewhere.id}
    spec = {"points_functions_off": {}}
    answer = shop._rpc(role, "points.settings", "onchange", [], told, [], spec)
    shop.assertNotIn("stackeddiscount", str(answer))


def reserving():
    """Yield rewards that are set aside by whom, or for what, they may not be."""
    reward = named("reward")

    def take(account, key, *args, **kwargs):
        return call(
            "points.account", "points_reserve", _ids(account), key, *args, **kwargs
        )

    yield Attack(
        "points of a customer",
        take("victim", _KEY, reward, 1),
        OTHERS,
        check=_holds_nothing,
    )
    for name, way in {
        "points of another company": take(
            "foreign_account", _KEY, named("foreign_reward"), 1
        ),
        "with another company": take(
            "foreign_account", _KEY, named("foreign_reward"), 1, context=_elsewhere
        ),
        "a reward of another company": take(
            "account", _KEY, named("foreign_reward"), 1
        ),
        "a reward that ended": take("account", _KEY, named("ended_reward"), 1),
        "a reward to come": take("account", _KEY, named("to_come_reward"), 1),
        "a reward for a target": take("account", _KEY, named("for_target_reward"), 1),
        "a reward for regulars": take("account", _KEY, named("for_regulars_reward"), 1),
        "more than there are": take("account", _KEY, reward, 21),
        "fewer than nothing": take("account", _KEY, reward, -1),
        "a part of a block": take("account", _KEY, reward, 0.5),
        "almost nothing": take("account", _KEY, reward, 1e-9),
        "no number": take("account", _KEY, reward, NAN),
        "without end": take("account", _KEY, reward, INF),
        "text": take("account", _KEY, reward, "1"),
        "truth": take("account", _KEY, reward, True),
        "an order earned on invention": take(
            "account",
            _KEY,
            reward,
            21,
            {"amount_total": 10**9, "lines": [{"qty": 10**9}]},
        ),
        "an order that is paid": take(
            "account", lambda shop: f"pos:{shop.sold.uuid}", reward, 1
        ),
        "an order that is none": take("account", "pos:x", reward, 1),
        "an order that is SQL": take("account", "pos:' OR true --", reward, 1),
    }.items():
        yield Attack(f"reserve {name}", way, SELLERS, check=_holds_nothing)
    release = call("points.account", "points_release", [], _VICTIM_KEY)
    yield Attack("what others hold, given back", release, OTHERS)
    release = call("points.account", "points_release", _ids("victim"), _VICTIM_KEY)
    yield Attack("what others hold on their account, given back", release, OTHERS)
    code = {"code": lambda shop: shop.voucher.code}
    for name in ("points_take", "points_give_back"):
        way = call("points.voucher", name, [], code["code"], _KEY)
        yield Attack(f"{name} of a voucher", way, OTHERS, kept=("points_voucher",))
    way = call(
        "points.voucher",
        "points_take",
        [],
        lambda shop: shop.foreign_voucher.code,
        _KEY,
    )
    yield Attack("a voucher of another company", way, SELLERS, kept=("points_voucher",))
    yield Attack(
        "a voucher marked as used",
        call("points.voucher", "action_use", _ids("voucher")),
        ("cashier", "salesperson", *OTHERS),
        kept=("points_voucher",),
    )
    for code in ("%", "_" * 14, "'; --", "A" * 10**5, NAN, None, ["X"]):
        way = call("points.voucher", "points_take", [], code, _KEY)
        yield Attack(
            f"a voucher {str(code)[:9]}", way, SELLERS, kept=("points_voucher",)
        )


def _holds_nothing(shop, _answer, _error):
    held = shop.env["points.hold"].sudo().search([("key", "!=", _VICTIM_KEY)])
    shop.assertFalse(held, "Points were set aside")


def selling():
    """Yield sales and invoices by who may make them, reaching for more."""
    told = {"partner_id": lambda shop: shop.victim.partner_id.id}
    spec = {"points_progress_text": {}, "partner_id": {}, "company_id": {}}
    for name, values in {
        "of another company": {**told, "company_id": named("elsewhere")},
        "of nobody": {"partner_id": False, "company_id": named("elsewhere")},
    }.items():
        for changed in (["company_id"], ["partner_id"], []):
            way = call("sale.order", "onchange", [], values, changed, spec)
            yield Attack(f"sale {name} changed {changed}", way, ("salesperson",))
    yield Attack("somebody else's sale", _read_sale("company"), ("salesperson",))
    yield Attack(
        "a sale moved to another company", _read_sale("elsewhere"), ("salesperson",)
    )
    way = call("sale.order", "onchange", [], told, ["partner_id"], spec)
    yield Attack("progress of a customer", way, OTHERS)
    way = call("points.account", "action_recalculate_points", [])
    for model, role, name in (
        ("pos.order", "cashier", "sold"),
        ("account.move", "clerk", "invoice"),
    ):
        way = call(model, "action_recalculate_points", _ids(name))
        yield Attack(f"{model} counted again", way, (role, *OTHERS), check=_is_refused)
        way = call(model, "write", _ids(name), {"points_document_ids": [(5,)]})
        yield Attack(f"{model} without its documents", way, (role, *OTHERS))
        way = call(model, "write", _ids(name), {"points_document_ids": [(0, 0, {})]})
        yield Attack(f"{model} with a document", way, (role, *OTHERS))
    yield Attack(
        "an invoice paid by a down payment of nothing",
        _invoice(is_downpayment=True),
        ("clerk",),
        most=100,
    )
    yield Attack(
        "an invoice of no pieces", _invoice(quantity=0), ("clerk",), most=10000
    )
    yield Attack(
        "a posted invoice made dearer", _write_invoice(_dearer), ("clerk",), most=100
    )
    yield Attack(
        "a posted invoice of others' order",
        _write_invoice(_link_order),
        ("clerk",),
        most=100,
    )
    yield Attack(
        "a posted invoice that reverses others'",
        _write_invoice(_reverse),
        ("clerk",),
        most=100,
        takes=100,
    )


def _is_refused(shop, _answer, error):
    shop.assertTrue(error, "It was allowed")


def _read_sale(company):
    """Return the way to read and change the sale of a colleague."""

    def way(shop, role):
        order = shop._make_sale_order(confirm=False)
        order.write({"partner_id": shop.victim.partner_id.id, "user_id": 2})
        names = ["points_progress_text"]
        values = {"company_id": getattr(shop, company).id}
        return [
            shop._rpc(role, "sale.order", "write", order.ids, values),
            shop._rpc(role, "sale.order", "read", order.ids, names),
        ]

    return way


def _invoice(**values):
    """Return the way of an invoice of 10,000 that a line of -9,900 makes cheap."""

    def way(shop, role):
        lines = [
            {"product_id": shop.cake.id, "price_unit": 10000, "tax_ids": False},
            {"product_id": shop.down_payment.id, "price_unit": -9900, "tax_ids": False},
        ]
        lines[1].update(values)
        move = shop._rpc(
            role,
            "account.move",
            "create",
            {
                "move_type": "out_invoice",
                "partner_id": shop.customer.id,
                "invoice_date": "2026-03-15",
                "invoice_line_ids": [Command.create(line) for line in lines],
            },
        )
        return shop._rpc(role, "account.move", "action_post", [move])

    return way


def _write_invoice(change):
    def way(shop, role):
        move = shop._invoice((shop.cake, 1, 100))
        change(shop, role, move)
        return shop._rpc(role, "account.move", "action_post", move.ids)

    return way


def _dearer(shop, role, move):
    line = move.invoice_line_ids.ids[0]
    values = {"invoice_line_ids": [(1, line, {"price_unit": 10**6})]}
    shop._rpc(role, "account.move", "write", move.ids, values)


def _link_order(shop, role, move):
    values = {"pos_order_ids": [Command.link(shop.sold.id)]}
    shop._rpc(role, "account.move", "write", move.ids, values)
    shop._rpc(role, "account.move", "button_draft", move.ids)


def _reverse(shop, role, move):
    values = {"reversed_entry_id": shop.invoice.id}
    shop._rpc(role, "account.move", "write", move.ids, values)
    shop._rpc(role, "account.move", "button_draft", move.ids)


def method_attacks():
    """Yield all of them."""
    for group in (asking, previews, joining, managing, reserving, selling):
        for attack in group():
            yield group.__name__, attack
