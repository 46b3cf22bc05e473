"""Odoo's command, told first where to write down what ran of the add-on's code.

coverage.py watches each line that Odoo runs, which takes twice the time on Python below
3.14. SlipCover changes the add-on's code instead, and costs next to nothing.
"""

import atexit
import json
import runpy
import sys
from pathlib import Path

from slipcover import FileMatcher, Slipcover
from slipcover.importer import SlipcoverMetaPathFinder

CHECKOUT = Path(__file__).resolve().parents[2]
_ADDON = "odoo.addons.customer_points"


class AddonFinder(SlipcoverMetaPathFinder):
    """Finds the add-on's modules only: for others Odoo's own finder asks it back."""

    def find_spec(self, fullname, path, target=None):
        """Leave what is not the add-on's to others."""
        if not f"{fullname}.".startswith(f"{_ADDON}."):
            return None
        return super().find_spec(fullname, path, target)


def measure(data_file: Path) -> None:
    """Write down at the end which lines and branches ran, and those that did not."""
    packages = [file.parent for file in CHECKOUT.glob("*/__init__.py")]
    rooms = [str(folder) for folder in packages if folder.name != "tests"]
    measured = Slipcover(d_miss_threshold=-1, branch=True, source=rooms)
    finder = AddonFinder(measured, FileMatcher([CHECKOUT], omit=["tests/*"]))
    sys.meta_path.insert(0, finder)
    atexit.register(lambda: data_file.write_text(json.dumps(measured.get_coverage())))


measure(Path(sys.argv.pop(1)))
# Its modules are named as parts of the workshop, not of Odoo.
del sys.path[0]
runpy.run_module("odoo", run_name="__main__", alter_sys=True)
