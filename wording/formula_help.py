"""What the form tells about each variable and function of formulas (X-15, X-19)."""

from __future__ import annotations

from ..engine.formula.names import FUNCTIONS, PRODUCT_FUNCTIONS, variables_of


def say_variable(env, name: str) -> str:
    """Return the short word for a variable, as part of a sentence."""
    label = _labels(env).get(name)
    return label or env["points.rule"]._describe_variable(name)["label"]


def describe_variables(env, context: str) -> list[dict]:
    """Return name, label, unit, explanation and an example of each variable."""
    explained, examples, units = _explanations(env), _examples(), _units(env)
    known = {
        name: {
            "label": label,
            "explanation": explained[name],
            "example": examples[name],
        }
        for name, label in _labels(env).items()
    }
    return [
        {
            "name": name,
            "kind": variable.kind,
            "unit": units.get(name, ""),
            **(known.get(name) or env["points.rule"]._describe_variable(name)),
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
            env._("Discounts applied one after the other, in percent: 14.5."),
        ),
        "amountof": (
            'amountof("category", "Drinks")',
            env._(
                "Amount of products on the order, by category (including "
                "subcategories), tag, supplier (ID) or product (reference); a list "
                "means any of them. With or without tax as set on the program."
            ),
        ),
        "qtyof": (
            'qtyof("tag", ["Organic", "Fair"])',
            env._("Quantity of products on the order, selected in the same way."),
        ),
    }
    return [
        {"name": name, "usage": told[name][0], "explanation": told[name][1]}
        for name in (*FUNCTIONS, *PRODUCT_FUNCTIONS)
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
        "customergroup": env._("customer tag"),
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
        "percentdisc": env._("discount in percent"),
        "category": env._("category"),
        "categorypath": env._("category or one of its parents"),
        "tag": env._("product tag"),
        "sellgroup": env._("product group"),
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
        "There can be several: == is true if one of them matches; in works too."
    )
    return {
        "grossamount": env._("All products that this rule applies to, tax included."),
        "netamount": env._("All products that this rule applies to, tax excluded."),
        "discountamount": env._(
            "Amount of the discount percentages on these products, tax included; "
            "for products with a 100% discount, their unit price."
        ),
        "qty": env._(
            "Quantity of the line, or of all products that this rule applies to."
        ),
        "linecount": env._("Lines with products that this rule applies to."),
        "customerid": env._("ID of the customer of the order."),
        "customergroup": _both(
            env._("Tags of the customer and of its company."), several
        ),
        "salesperson": env._(
            "Name of the salesperson; in the Point of Sale, of the logged-in user."
        ),
        "weekday": env._("1 is Monday, 7 is Sunday."),
        "month": env._("1 to 12."),
        "day": env._("1 to 31."),
        "hour": env._("0 to 23, when the order was paid; 0 on invoices."),
        "date": env._("Date of the order as text: year-month-day."),
        "channel": env._('"pos" in the Point of Sale, "sale" on invoices.'),
        "productid": env._("ID of the product."),
        "productcode": env._("The internal reference of the product."),
        "subtotal": env._("The line, discount deducted, tax excluded."),
        "grosssubtotal": env._("The line, discount deducted, tax included."),
        "price": env._("The unit price of the line, before discount."),
        "percentdisc": env._(
            "The discount percentage of the line; once per transaction, that of "
            "all products that this rule applies to, each weighted by its amount "
            "before discount."
        ),
        "category": env._("Name of the product's category."),
        "categorypath": _both(
            env._("Names of that category and of all parent categories."), several
        ),
        "tag": _both(env._("Tags of the product."), several),
        "sellgroup": _both(env._("Product groups of the product."), several),
        "supplierid": _both(env._("IDs of the product's vendors."), several),
        "direct": env._("Yes or no: shipped from the vendor to the customer."),
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


def _both(*sentences: str) -> str:
    return " ".join(sentences)
