"""Have everything in place: the first thing each command does."""

import shutil

from .addon_links import ensure_links
from .console import GroundError
from .javascript import ensure_node_modules
from .locking import exclusive
from .machine import BROWSER, PDF_PRINTER, ensure_packages
from .odoo_process import write_config
from .odoo_source import ensure_odoo
from .places import CHECKOUT
from .postgres import ensure_postgres
from .venv import ensure_venv


def ensure_python() -> None:
    """Provide Odoo's source and Python packages, but no database."""
    with exclusive("setup"):
        ensure_odoo()
        ensure_venv()
        ensure_links()


def ensure_ready(browser=False) -> None:
    """Provide all that Odoo needs to run; quick when it is there already.

    :param browser: also provide Chromium and rtlcss, for tours.
    """
    ensure_python()
    with exclusive("setup"):
        if not shutil.which("wkhtmltopdf"):
            ensure_packages(PDF_PRINTER)
        if browser and not shutil.which("chromium"):
            ensure_packages(BROWSER)
        if browser:
            ensure_node_modules()
        ensure_postgres()
        write_config()


def require_addon() -> None:
    """Refuse to go on while there is no add-on to test or install."""
    if not (CHECKOUT / "__manifest__.py").exists():
        raise GroundError("There is no __manifest__.py: nothing to install or test.")
