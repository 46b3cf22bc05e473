"""The folder of links through which Odoo sees the checkout as an add-on.

The checkout's root is the add-on, under whatever name it was cloned. One link
`customer_points -> checkout` would contain itself and make Odoo's translation
export walk in circles; a real folder with one link per entry does not.
"""

import os

from .places import ADDONS, CHECKOUT, EXAMPLE, LINKED_ADDON

# Entries of the checkout that are no part of the add-on.
_NOT_THE_ADDON = {"dev", "node_modules", "build", "dist", "pyproject.toml"}


def addon_entries() -> list:
    """Return the names of the checkout's entries that make up the add-on."""
    return sorted(
        entry.name
        for entry in CHECKOUT.iterdir()
        if not entry.name.startswith((".", "__pycache__"))
        and not entry.name.endswith(".egg-info")
        and entry.name not in _NOT_THE_ADDON
    )


def ensure_links() -> None:
    """Make one link per entry of the add-on and drop those that are gone."""
    LINKED_ADDON.mkdir(parents=True, exist_ok=True)
    # pytest takes the folder of this file as its root; it must not be the
    # checkout, which is itself a Python package.
    (ADDONS / "pytest.ini").write_text("[pytest]\n")
    wanted = addon_entries()
    for link in LINKED_ADDON.iterdir():
        if link.name not in wanted and link.is_symlink():
            link.unlink()
    for name in wanted:
        _link(LINKED_ADDON / name, CHECKOUT / name)
    _link(ADDONS / EXAMPLE, CHECKOUT / "tests" / EXAMPLE)


def _link(link, target) -> None:
    if not link.is_symlink():
        link.symlink_to(os.path.relpath(target, link.parent))
