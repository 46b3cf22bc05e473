"""Files that are made from others: README.rst and the translation template."""

import ast
import re
import shutil

from . import diagram
from .console import GroundError, say
from .database import ensure_addon_template, temporary_database
from .odoo_process import odoo_command, run_odoo, tail
from .places import CHECKOUT, CONFIG, MODULE, TEMPORARY
from .ready import ensure_ready

README = CHECKOUT / "README.rst"
_DEVELOP = CHECKOUT / "readme" / "DEVELOP.rst"
TRANSLATIONS = CHECKOUT / "i18n" / f"{MODULE}.pot"

# The sections of the README, in this order; each is a file below readme/.
_SECTIONS = {
    "DESCRIPTION": None,
    "CONTEXT": "Use cases",
    "INSTALL": "Installation",
    "CONFIGURE": "Configuration",
    "USAGE": "Usage",
    "DEVELOP": "Development",
    "ROADMAP": "Known limits",
    "HISTORY": "Changes",
    "CONTRIBUTORS": "Contributors",
}
_DATES = re.compile(r'^"(POT-Creation-Date|PO-Revision-Date):.*\n', re.MULTILINE)


def readme_text() -> str:
    """Put the README together from its fragments."""
    manifest = ast.literal_eval((CHECKOUT / "__manifest__.py").read_text())
    title = manifest["name"]
    rule = "=" * len(title)
    parts = [
        ".. Made from readme/*.rst by dev/lint --fix: change those files instead.",
        f"{rule}\n{title}\n{rule}",
    ]
    for fragment, heading in _SECTIONS.items():
        path = CHECKOUT / "readme" / f"{fragment}.rst"
        if not path.exists():
            continue
        if heading:
            parts.append(f"{heading}\n{'=' * len(heading)}")
        parts.append(path.read_text().strip())
    return "\n\n".join(parts) + "\n"


def check_readme(fix: bool) -> bool:
    """Compare README.rst with its fragments, or write it; with a fresh drawing."""
    drawn = diagram.drawn_in(_DEVELOP.read_text())
    if fix:
        _DEVELOP.write_text(drawn)
    elif drawn != _DEVELOP.read_text():
        print("The drawing of imports is old; run ./dev/lint --fix")
        return False
    text = readme_text()
    if README.exists() and README.read_text() == text:
        return True
    if not fix:
        print("README.rst differs from readme/*.rst; run ./dev/lint --fix")
        return False
    README.write_text(text)
    return True


def check_translations(fix: bool) -> bool:
    """Compare the translation template with a fresh export, or replace it."""
    ensure_ready()
    fresh = TEMPORARY / TRANSLATIONS.name
    with temporary_database(ensure_addon_template()) as database:
        say("Exporting the translatable texts")
        command = odoo_command("i18n", "export", "-c", CONFIG, "-d", database)
        code, log = run_odoo("i18n", [*command, "-o", fresh, MODULE])
    if code:
        raise GroundError(f"{tail(log)}\n\nThe export failed.")
    if TRANSLATIONS.exists() and _undated(TRANSLATIONS) == _undated(fresh):
        return True
    if not fix:
        print(f"i18n/{TRANSLATIONS.name} is not fresh; run ./dev/lint --fix")
        return False
    TRANSLATIONS.parent.mkdir(exist_ok=True)
    shutil.copyfile(fresh, TRANSLATIONS)
    return True


def _undated(path) -> str:
    """Return a translation file's text without the dates it was made on."""
    return _DATES.sub("", path.read_text())
