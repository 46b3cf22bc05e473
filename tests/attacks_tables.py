"""What may be done to records of points by who has no right: made from the registry."""

from .attack_common import OTHERS, ROLES, TABLES
from .attacks import Attack, call, resolve

#: What points users may fill: customers are allocated there.
_OPEN = ("points_account",)
_TYPES = ("float", "monetary", "integer", "many2one", "char", "text", "date", "json")
#: What says which account it is, and what Odoo itself fills.
_WHO = ("partner_id", "program_id", "company_id", "template_id", "state")
_ODOO = ("id", "create_uid", "create_date", "write_uid", "write_date")
#: Who can write nothing of points.
_READERS = tuple(role for role in ROLES if role != "user")
_REST = tuple(name for name in TABLES if name not in _OPEN)
_HOSTILE = {
    "float": 99999.0,
    "monetary": 99999.0,
    "integer": 99,
    "date": "2099-12-31",
    "json": {"1": "99999"},
}


def get_models(env):
    """Return the stored models of points, those that are written tomorrow too."""
    return [
        model
        for name, model in sorted(env.items())
        if name.startswith("points.") and not model._abstract and not model._transient
    ]


def get_fields(model):
    """Return the stored fields that a browser could try to set."""
    return [
        field
        for name, field in sorted(model._fields.items())
        if field.store and field.type in _TYPES and name not in _ODOO
    ]


def get_hostile(field):
    """Return a value that nobody may set; a record where one is asked for."""
    if field.type == "many2one":
        comodel = field.comodel_name
        return lambda shop: shop.env[comodel].sudo().search([], limit=1).id
    return _HOSTILE.get(field.type, "99999")


# === RECORDS === #


def records(env):
    """Yield every way to write every model, as each role."""
    for model in get_models(env):
        values = {field.name: get_hostile(field) for field in get_fields(model)}
        for name, way in _ways(model._name, values).items():
            label = f"{model._name} {name}"
            yield Attack(label, way, _READERS, kept=TABLES, is_for_nothing=True)
            yield Attack(label, way, ("user",), kept=_REST)
    # A file goes the way of load: two tables show that it does.
    for name in ("points.account", "points.entry"):
        values = {field.name: get_hostile(field) for field in get_fields(env[name])}
        way, roles = _imported(name, values), ("cashier", "user")
        yield Attack(f"{name} import", way, roles, kept=_REST, is_for_nothing=True)
    for field in get_fields(env["points.account"]):
        value = "blocked" if field.name == "state" else get_hostile(field)
        way = call("points.account", "write", _victim, {field.name: value})
        yield Attack(f"account's {field.name}", way, ("user",), kept=TABLES)
    for name in ("rule_ids", "entry_ids", "voucher_ids", "adjustment_ids"):
        for command in ([(0, 0, {"name": "Forged"})], [(5,)], [(4, 1)]):
            way = call("points.account", "write", _victim, {name: command})
            label = f"account's {name} {command[0][0]}"
            yield Attack(label, way, ("user",), kept=TABLES)


def _ways(model, values):
    """Return how a browser makes, changes and deletes records, by name."""

    def first(shop):
        return shop.env[model].sudo().search([], order="id", limit=1).ids

    def do(shop, role, method, *args):
        return shop._rpc(role, model, method, *resolve(list(args), shop))

    def loaded(shop, role):
        told = resolve(values, shop)
        names = [_column(shop.env[model]._fields[name]) for name in told]
        return do(shop, role, "load", names, [[str(v) for v in told.values()]])

    named = {**values, "name": "Forged"}
    return {
        "create": lambda shop, role: do(shop, role, "create", [values]),
        "web_save new": lambda shop, role: do(shop, role, "web_save", [], named, {}),
        "name_create": lambda shop, role: do(shop, role, "name_create", "Forged"),
        "load": loaded,
        "copy": lambda shop, role: do(shop, role, "copy", first(shop), values),
        "write": lambda shop, role: do(shop, role, "write", first(shop), values),
        "web_save": lambda shop, role: do(
            shop, role, "web_save", first(shop), named, {}
        ),
        "unlink": lambda shop, role: do(shop, role, "unlink", first(shop)),
    }


def _column(field):
    """Return how a file names a field, a record by its number."""
    return f"{field.name}/.id" if field.type == "many2one" else field.name


def _imported(model, values):
    """Return the way of a file that is imported."""

    def way(shop, role):
        told = resolve(values, shop)
        names = [_column(shop.env[model]._fields[name]) for name in told]
        row = [str(value) for value in told.values()]
        lines = (",".join(f'"{text}"' for text in line) for line in (names, row))
        content = "\n".join(lines).encode()
        data = {"res_model": model, "file": content, "file_type": "text/csv"}
        wizard = shop._rpc(role, "base_import.import", "create", data)
        options = {"has_headers": True, "quoting": '"', "separator": ","}
        told = [[wizard], names, names, options]
        return shop._rpc(role, "base_import.import", "execute_import", *told)

    return way


def reading(env):
    """Yield every way to read every model, by who has no right to."""
    for model in get_models(env):
        for name, way in _looks(model).items():
            roles = (*_READERS, "user")
            yield Attack(f"{model._name} {name}", way, roles, is_for_nothing=True)


def _looks(model):
    names = [field.name for field in get_fields(model)]
    everybody = {"active_test": False}

    def do(method, *args):
        return lambda shop, role: shop._rpc(
            role, model._name, method, *args, context=everybody
        )

    def exported(shop, role):
        ids = shop.env[model._name].sudo().search([]).ids
        return shop._rpc(role, model._name, "export_data", ids, names)

    def read(shop, role):
        ids = shop.env[model._name].sudo().search([]).ids
        return shop._rpc(role, model._name, "read", ids, names)

    return {
        "search_read": do("search_read", [], names),
        "web_search_read": do("web_search_read", [], {name: {} for name in names}),
        "name_search": do("name_search", ""),
        "formatted_read_group": do("formatted_read_group", [], names[:1], ["__count"]),
        "read": read,
        "export_data": exported,
    }


def around(env):
    """Yield looks at points by way of other models."""
    sellers = ("cashier", "salesperson", *OTHERS)
    for path in (
        "points_account_ids.balance",
        "points_shown_account_ids.balance",
        "points_summary_text",
    ):
        asked = [(path, ">" if "balance" in path else "ilike", "7000")]
        yield Attack(
            f"customers by {path}",
            call("res.partner", "search", asked),
            sellers,
            check=_found_nobody,
        )
        yield Attack(
            f"customers ordered by {path}",
            call("res.partner", "search_read", [], ["name"], order=path),
            sellers,
            check=_is_refused,
        )
        yield Attack(
            f"customers read {path}",
            call("res.partner", "search_read", [], [path.split(".")[0]]),
            sellers,
            check=_is_refused,
        )
    for model in ("pos.order", "account.move"):
        asked = [("points_document_ids.entry_ids.points", ">", 0)]
        yield Attack(
            f"{model} by points",
            call(model, "search", asked),
            sellers,
            check=_found_nobody,
        )
    for model in ("points.program", "points.template"):
        asked = [("model", "=", model)]
        yield Attack(
            f"messages of {model}",
            call("mail.message", "search_read", asked, ["body"]),
            sellers,
            check=_found_nobody,
        )


def _victim(shop):
    return shop.victim.ids


def _found_nobody(shop, answer, error):
    shop.assertTrue(error or not answer, f"Found {answer}")


def _is_refused(shop, _answer, error):
    shop.assertTrue(error, "It was answered")


# === DEFAULTS === #


def account_defaults(env):
    """Yield accounts opened with defaults of a browser, and of the user's own."""
    for field in get_fields(env["points.account"]):
        if field.name in _WHO:
            continue
        told = {f"default_{field.name}": get_hostile(field)}
        for name, way in _openings(told).items():
            yield _default(f"{name} with default {field.name}", way)
        yield _default(
            f"create with the user's default {field.name}", _with_own(field, _open({}))
        )


def _default(name, way):
    return Attack(name, way, ("user",), kept=_REST, check=_is_plain)


def _open(context):
    def way(shop, role):
        values = {"partner_id": shop.newcomer.id, "program_id": shop.program.id}
        told = resolve(context, shop)
        return shop._rpc(role, "points.account", "create", values, context=told)

    return way


def _openings(context):
    def saved(shop, role):
        values = {"partner_id": shop.newcomer.id, "program_id": shop.program.id}
        told = resolve(context, shop)
        return shop._rpc(
            role, "points.account", "web_save", [], values, {}, context=told
        )

    def loaded(shop, role):
        names = ["partner_id/.id", "program_id/.id"]
        rows = [[str(shop.newcomer.id), str(shop.program.id)]]
        return shop._rpc(role, "points.account", "load", names, rows, context=context)

    def copied(shop, role):
        values = {"partner_id": shop.newcomer.id}
        return shop._rpc(
            role, "points.account", "copy", shop.account.ids, values, context=context
        )

    ways = {"create": _open(context), "web_save": saved, "load": loaded, "copy": copied}
    is_balance = "default_balance" in context
    return ways if is_balance else {"create": ways["create"]}


def _with_own(field, way):
    """Return a way that first sets Odoo's personal default, as any user may."""

    def with_default(shop, role):
        value = resolve(get_hostile(field), shop)
        shop._rpc(role, "ir.default", "set", field.model_name, field.name, value, True)
        return way(shop, role)

    return with_default


def _is_plain(shop, _answer, _error):
    """A new account has no points, no targets and no past."""
    opened = shop.env["points.account"].search([("partner_id", "=", shop.newcomer.id)])
    shop.env.invalidate_all()
    for account in opened:
        shop.assertEqual(account.state, "active")
        for name in ("balance", "version", "minimum_target", "qualifying_target"):
            shop.assertFalse(account[name], f"{name} was given by a default")
        shop.assertFalse(
            account.merged_into_id, "merged_into_id was given by a default"
        )


def ledger_defaults(env):
    """Yield orders whose cashier has defaults for what the ledger will hold."""
    names = {}
    for model in get_models(env):
        if model._table not in _LEDGER:
            continue
        for field in get_fields(model):
            yield _ledger(
                f"{model._name} with the user's default {field.name}",
                _with_own(field, _buy({})),
            )
            names.setdefault((field.name, field.type), field)
    for (name, kind), field in sorted(names.items()):
        told = {f"default_{name}": get_hostile(field)}
        yield _ledger(f"the ledger with default {name} ({kind})", _buy(told))


_LEDGER = (
    *("points_document", "points_entry", "points_lot", "points_hold"),
    *("points_voucher", "points_account"),
)


def _ledger(name, way):
    return Attack(name, way, most=195, takes=150, vouchers=1, check=_is_as_honest)


def _buy(context):
    """Return the way of an order that earns 195, spends 50 and buys a voucher."""

    def way(shop, role):
        return shop._buy_honestly(role, resolve(context, shop))

    return way


def _is_as_honest(shop, _answer, error):
    """What the ledger holds of an order is what it holds of any other."""
    if not error:
        shop.assertEqual(shop._read_written(), shop.honest)


def table_attacks(env):
    """Yield all of them."""
    for group in (records, reading, around, account_defaults, ledger_defaults):
        for attack in group(env):
            yield group.__name__, attack
