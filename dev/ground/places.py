"""Where things are: the only file that spells a path of the workshop."""

import os
from pathlib import Path

MODULE = "customer_points"

CHECKOUT = Path(__file__).resolve().parents[2]
DEV = CHECKOUT / "dev"
LOCK_FILE = DEV / "requirements.lock"
NODE_PROGRAMS = DEV / "node_modules" / ".bin"
ALLOW_LIST = DEV / "log_allowlist.txt"

# All that is set up lives below one folder that git ignores.
GROUND = CHECKOUT / ".odoo"
ADDONS = GROUND / "addons"
LINKED_ADDON = ADDONS / MODULE
# What another module writes to extend the add-on; only tests install it.
EXAMPLE = "points_example"
APT = GROUND / "apt"
UNPACKED = GROUND / "source"
VENV = GROUND / "venv"
PYTHON = VENV / "bin" / "python"
DATA_DIR = GROUND / "data"
CONFIG = GROUND / "odoo.conf"
LOGS = GROUND / "logs"
RUN_STATE = GROUND / "run"
TEMPORARY = GROUND / "tmp"


def odoo_home() -> Path:
    """Return the folder that holds `odoo/`, whoever provides it."""
    given = os.environ.get("ODOO_HOME")
    if given:
        return Path(given).resolve()
    return UNPACKED / "usr" / "lib" / "python3" / "dist-packages"
