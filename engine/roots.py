"""How a sale is named in the ledger and in evidence: its root, as pos:7 or inv:12.

What came back on it without naming a sale has a root of its own: pos:7:return.
"""

from __future__ import annotations

_UNKNOWN = ":return"


def root_of(kind: str, sale_id: int) -> str:
    """Return the root of a sale; a kind is the name of an origin's model.

    >>> root_of("pos", 7)
    'pos:7'
    """
    return f"{kind}:{sale_id}"


def return_root(root: str) -> str:
    """Return the root of what came back on a sale without naming an older one."""
    return f"{root}{_UNKNOWN}"


def is_unknown_return(root: str) -> bool:
    """Tell whether a root is of what came back without naming a sale."""
    return root.endswith(_UNKNOWN)


def split_root(root: str) -> tuple[str, int]:
    """Return the kind and the id of the sale that a root names.

    >>> split_root("inv:12:return")
    ('inv', 12)
    """
    kind, sale_id = root.split(":")[:2]
    return kind, int(sale_id)


def is_order(root: str) -> bool:
    """Tell whether a root is of a register's order."""
    return split_root(root)[0] == "pos"


def is_sales_order(root: str) -> bool:
    """Tell whether a root is of a sales order."""
    return split_root(root)[0] == "so"
