"""What the form tells about each variable and function of formulas (X-15, X-19)."""

from __future__ import annotations

from ..engine.formula.names import FUNCTIONS, GOODS_FUNCTIONS, variables_of


def say_variable(env, name: str) -> str:
    """Return the short word for a variable, as part of a sentence."""
    return _labels(env)[name]


def describe_variables(env, context: str) -> list[dict]:
    """Return name, label, unit, explanation and an example of each variable."""
    labels, explained, examples = _labels(env), _explanations(env), _examples()
    units = _units(env)
    return [
        {
            "name": name,
            "kind": variable.kind,
            "label": labels[name],
            "unit": units.get(name, ""),
            "explanation": explained[name],
            "example": examples[name],
        }
        for name, variable in variables_of(context).items()
    ]


def describe_functions(env, switched_off=frozenset()) -> list[dict]:
    """Return name, usage and explanation of each function that is switched on."""
    told = {
        "round": ("round(2.5)", env._("Half up: 3. round(x, 2) keeps two decimals.")),
        "floor": ("floor(2.9)", env._("Down to a whole number: 2.")),
        "ceil": ("ceil(2.1)", env._("Up to a whole number: 3.")),
        "min": ("min(10, 15)", env._("The smallest: 10.")),
        "max": ("max(10, 15)", env._("The largest: 15.")),
        "abs": ("abs(-3)", env._("Without its sign: 3.")),
        "stackeddiscount": (
            "stackeddiscount(10, 5)",
            env._("Discounts one after the other, in per cent: 14.5."),
        ),
        "amountof": (
            'amountof("category", "Drinks")',
            env._(
                "Money of goods on the bill, found by category (with those below), "
                "tag, supplier (ID) or product (reference); a list means any of them. "
                "With or without tax as the program counts."
            ),
        ),
        "qtyof": (
            'qtyof("tag", ["Organic", "Fair"])',
            env._("Quantity of goods on the bill, found in the same way."),
        ),
    }
    return [
        {"name": name, "usage": told[name][0], "explanation": told[name][1]}
        for name in (*FUNCTIONS, *GOODS_FUNCTIONS)
        if name not in switched_off
    ]


def _labels(env) -> dict[str, str]:
    return {
        "grossamount": env._("amount with tax"),
        "netamount": env._("amount without tax"),
        "discountamount": env._("discount given"),
        "qty": env._("quantity"),
        "linecount": env._("number of lines"),
        "customerid": env._("customer"),
        "customergroup": env._("customer group"),
        "salesperson": env._("salesperson"),
        "weekday": env._("weekday"),
        "month": env._("month"),
        "day": env._("day of the month"),
        "hour": env._("hour"),
        "date": env._("date"),
        "channel": env._("channel"),
        "productid": env._("product"),
        "productcode": env._("product reference"),
        "subtotal": env._("line without tax"),
        "grosssubtotal": env._("line with tax"),
        "price": env._("unit price"),
        "percentdisc": env._("discount in per cent"),
        "category": env._("category"),
        "categorypath": env._("category or one above it"),
        "tag": env._("product tag"),
        "sellgroup": env._("sell group"),
        "supplierid": env._("supplier"),
        "direct": env._("drop-shipped"),
    }


def _units(env) -> dict[str, str]:
    money, units = env._("program currency"), env._("units")
    amounts = ("grossamount", "netamount", "discountamount")
    return {
        **dict.fromkeys((*amounts, "subtotal", "grosssubtotal", "price"), money),
        "qty": units,
        "percentdisc": "%",
    }


def _explanations(env) -> dict[str, str]:
    several = env._(
        "Several are possible: == is true if one of them is it; in works too."
    )
    return {
        "grossamount": env._("All goods this rule counts, tax included."),
        "netamount": env._("All goods this rule counts, without tax."),
        "discountamount": env._(
            "What discount percentages took off these goods, tax included; of goods "
            "at 100 % their unit price."
        ),
        "qty": env._("Pieces: of the line, or of all goods this rule counts."),
        "linecount": env._("Lines with goods this rule counts."),
        "customerid": env._("The ID of the customer on the bill."),
        "customergroup": env._("Tags of the customer and of its company. ") + several,
        "salesperson": env._("Name of who sold; at the till, of who was logged in."),
        "weekday": env._("1 is Monday, 7 is Sunday."),
        "month": env._("1 to 12."),
        "day": env._("1 to 31."),
        "hour": env._("0 to 23, when the till's order was paid; 0 on invoices."),
        "date": env._("Year-month-day, as text, of the bill."),
        "channel": env._('"pos" at the till, "sale" on invoices.'),
        "productid": env._("The ID of the product."),
        "productcode": env._("The internal reference of the product."),
        "subtotal": env._("The line, discount taken off, without tax."),
        "grosssubtotal": env._("The line, discount taken off, tax included."),
        "price": env._("The price of one unit on the line, before discount."),
        "percentdisc": env._(
            "The discount percentage of the line; once per transaction, that of all "
            "products this rule counts, each weighted by its amount before discount."
        ),
        "category": env._("Name of the product's category (price line)."),
        "categorypath": env._("Names of that category and of all above it. ") + several,
        "tag": env._("Tags of the product. ") + several,
        "sellgroup": env._("Sell groups that the product belongs to. ") + several,
        "supplierid": env._("IDs of the product's vendors. ") + several,
        "direct": env._("Yes or no: goes from the vendor to the customer."),
    }


def _examples() -> dict[str, str]:
    return {
        "grossamount": "25999",
        "netamount": "20967",
        "discountamount": "1300",
        "qty": "3",
        "linecount": "2",
        "customerid": "42",
        "customergroup": "VIP",
        "salesperson": "Mitchell Admin",
        "weekday": "2",
        "month": "12",
        "day": "24",
        "hour": "17",
        "date": "2026-12-24",
        "channel": "pos",
        "productid": "7",
        "productcode": "P01",
        "subtotal": "100",
        "grosssubtotal": "124",
        "price": "50",
        "percentdisc": "10",
        "category": "Drinks",
        "categorypath": "Drinks, Food",
        "tag": "Organic",
        "sellgroup": "Seasonal",
        "supplierid": "12",
        "direct": "no",
    }
