"""What formulas may ask for: variables, functions, and what kind each is.

Variables are spelt as the source document spells them (X-19). Amounts are in
the program's currency, discounts of the lines taken off.
"""

from __future__ import annotations

from dataclasses import dataclass

NUMBER, TEXT, TRUTH = "number", "text", "truth"
#: Lists: of what a customer or product may have several of.
NUMBERS, TEXTS = "numbers", "texts"

TRANSACTION, PRODUCT = "transaction", "product"


@dataclass(frozen=True, slots=True)
class Variable:
    """A name: what kind of value it holds, and from which context on it does.

    ``is_fact`` marks what the seller's records say; the rest is counted from
    the lines of the sale. ``step`` is the smallest difference worth testing:
    a cent, a piece; 0 for what is no amount.
    """

    kind: str
    context: str = TRANSACTION
    is_fact: bool = False
    step: str = "0"


VARIABLES: dict[str, Variable] = {
    "grossamount": Variable(NUMBER, step="0.01"),
    "netamount": Variable(NUMBER, step="0.01"),
    "discountamount": Variable(NUMBER, step="0.01"),
    "percentdisc": Variable(NUMBER, step="1"),
    "qty": Variable(NUMBER, step="1"),
    "linecount": Variable(NUMBER, step="1"),
    "customerid": Variable(NUMBER, is_fact=True),
    "customergroup": Variable(TEXTS, is_fact=True),
    "salesperson": Variable(TEXT, is_fact=True),
    "weekday": Variable(NUMBER, step="1"),
    "month": Variable(NUMBER, step="1"),
    "day": Variable(NUMBER, step="1"),
    "hour": Variable(NUMBER, is_fact=True, step="1"),
    "date": Variable(TEXT),
    "channel": Variable(TEXT, is_fact=True),
    "productid": Variable(NUMBER, PRODUCT),
    "productcode": Variable(TEXT, PRODUCT, is_fact=True),
    "subtotal": Variable(NUMBER, PRODUCT, step="0.01"),
    "grosssubtotal": Variable(NUMBER, PRODUCT, step="0.01"),
    "price": Variable(NUMBER, PRODUCT, is_fact=True, step="0.01"),
    "category": Variable(TEXT, PRODUCT, is_fact=True),
    "categorypath": Variable(TEXTS, PRODUCT, is_fact=True),
    "tag": Variable(TEXTS, PRODUCT, is_fact=True),
    "sellgroup": Variable(TEXTS, PRODUCT, is_fact=True),
    "supplierid": Variable(NUMBERS, PRODUCT, is_fact=True),
    "direct": Variable(TRUTH, PRODUCT, is_fact=True),
}

#: Functions of numbers, and how few and how many they take.
FUNCTIONS: dict[str, tuple[int, int]] = {
    "round": (1, 2),
    "floor": (1, 1),
    "ceil": (1, 1),
    "min": (2, 20),
    "max": (2, 20),
    "abs": (1, 1),
    "stackeddiscount": (1, 10),
}
#: Functions over products: amountof("category", "Drinks").
PRODUCT_FUNCTIONS = ("amountof", "qtyof")
#: Which fact of a line each kind of products is found by.
PRODUCT_KINDS = {
    "category": "categorypath",
    "tag": "tag",
    "supplier": "supplierid",
    "product": "productcode",
}
#: Words that are neither variable nor function.
WORDS = ("and", "or", "not", "if", "else", "in")


def add_variable(name: str, variable: Variable) -> None:
    """Let formulas ask for one more fact, when a module is imported.

    The sale answers it, ``points.origin._points_formula_value``, or, in the context of
    a product, the product itself.

    :raise ValueError: for a name that formulas know already, or cannot spell

    >>> add_variable("customerzip", Variable(TEXT, is_fact=True))
    """
    taken = {*VARIABLES, *FUNCTIONS, *PRODUCT_FUNCTIONS, *WORDS}
    if name in taken or not (name.isidentifier() and name.islower()):
        raise ValueError(f"{name!r} cannot be a variable of formulas")
    VARIABLES[name] = variable


def variables_of(context: str) -> dict[str, Variable]:
    """Return the variables that a formula of this context knows."""
    return {
        name: variable
        for name, variable in VARIABLES.items()
        if context == PRODUCT or variable.context == TRANSACTION
    }
