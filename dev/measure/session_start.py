"""Bytes that a register downloads when its session starts, beside Odoo alone.

All products are loaded, more than Odoo's limit would: so the targets load the same
products and customers, and the rest is what an add-on adds.
"""

import json

from odoo.tools import json_default

from .calls import Call
from .rows import first_free, insert_like, vacuum
from .spending_targets import Spending

#: The ids of all products have as many digits in every target.
_FIRST_ID = 1_000_000
_CODE = "START"


def measure(targets: list[Spending], products: int) -> dict:
    """Start a session of each target with so many products; compare with the first.

    :return: figures by target's name; of sizes, (rows, bytes) by model
    """
    result = {}
    for target in targets:
        _add_products(target, products)
        result[target.name] = _start(target)
    first, *others = result.values()
    for found in others:
        if found["same"] != first["same"]:
            raise RuntimeError(f"Not the same: {found['same']} and {first['same']}")
    for found in result.values():
        found["added"] = found["bytes"] - first["bytes"]
        found["added_by_model"] = _added(found["sizes"], first["sizes"])
    return {"products": products, "targets": result}


def _add_products(target: Spending, products: int):
    """Insert products like one of the shop's, and let the register load all of them."""
    source = f"generate_series(0, {products - 1}) AS n"
    sample = target.shop.products[0][0]
    with target.environment() as env:
        template = env["product.product"].browse(sample).product_tmpl_id.id
        first = max(_FIRST_ID, first_free(env.cr, "product_product"))
        code = f"'{_CODE}' || lpad(n::text, 7, '0')"
        same = {"id": f"{first} + n", "default_code": code}
        insert_like(env.cr, "product_template", template, source, same)
        own = {**same, "product_tmpl_id": f"{first} + n"}
        insert_like(env.cr, "product_product", sample, source, own)
        env.cr.execute(
            f"""INSERT INTO product_taxes_rel (prod_id, tax_id)
                SELECT {first} + n, {target.shop.tax_id} FROM {source}"""
        )
        limit = "point_of_sale.limited_product_count"
        env["ir.config_parameter"].set_param(limit, 10 * products)
    vacuum(target.registry.db_name, ["product_template", "product_product"])


def _start(target: Spending) -> dict:
    """Send what the client sends; return what came, and what it cost.

    Source: point_of_sale/static/src/app/services/data_service.js, loadInitialData()
    of a browser that knows nothing yet, and loadFieldsAndRelations().
    """
    session_id = target.shop.session_id
    context = {"pos_last_server_date": False, "pos_limited_loading": True}
    call = Call("pos.session", "load_data", [[session_id], []], context)
    target.perform(call)
    answer, cost = target.perform(call)
    params, more = target.perform(
        Call("pos.session", "load_data_params", [[session_id]])
    )
    sizes = {model: (len(rows), _bytes(rows)) for model, rows in answer.items()}
    return {
        "bytes": _bytes(answer),
        "params_bytes": _bytes(params),
        "sizes": sizes,
        "same": _count_same(answer),
        "queries": cost.queries,
        "wall_ms": (cost + more).wall,
    }


def _count_same(answer: dict) -> dict:
    """Return how many customers and products came: what points add has no code."""
    products = [row for row in answer["product.product"] if row["default_code"]]
    return {"customers": len(answer["res.partner"]), "products": len(products)}


def _bytes(data) -> int:
    text = json.dumps(data, separators=(",", ":"), default=json_default)
    return len(text.encode())


def _added(sizes: dict, base: dict) -> dict:
    """Return (rows, bytes) that one answer has more than another, by model."""
    differences = {}
    for model, (count, size) in sizes.items():
        base_count, base_size = base.get(model, (0, 0))
        differences[model] = count - base_count, size - base_size
    return {model: more for model, more in differences.items() if any(more)}
