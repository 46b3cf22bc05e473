"""Run tests/test_engine_*.py without a database, in the venv's Python.

The add-on's own package is not imported, only its folders are made known:
models would need the modules they extend, and the engine needs neither.
"""

import argparse
import importlib
import sys
import types
import unittest
from pathlib import Path

import odoo.tests
from odoo.tests.case import TestCase

import odoo.addons


def main() -> int:
    """Load the test files, run them, and fail when there are none."""
    options = _parse_arguments()
    addon = Path(options.addon)
    name = f"odoo.addons.{addon.name}"
    _declare_package(name, addon)
    _declare_package(f"{name}.tests", addon / "tests")
    _use_plain_unittest()
    loader = unittest.TestLoader()
    loader.testNamePatterns = [_pattern(text) for text in options.patterns] or None
    suite = unittest.TestSuite(
        loader.loadTestsFromModule(importlib.import_module(f"{name}.tests.{file.stem}"))
        for file in sorted((addon / "tests").glob("test_engine_*.py"))
    )
    if not suite.countTestCases():
        print("No engine test was found.", file=sys.stderr)
        return 5
    result = unittest.TextTestRunner(verbosity=options.verbosity).run(suite)
    return 0 if result.wasSuccessful() else 1


def _parse_arguments():
    """Read the folder of the add-on and which tests to run."""
    parser = argparse.ArgumentParser(prog="dev/test engine")
    parser.add_argument("addon", help=argparse.SUPPRESS)
    parser.add_argument("-k", dest="patterns", action="append", default=[])
    parser.add_argument(
        "-v", dest="verbosity", action="store_const", const=2, default=1
    )
    return parser.parse_args()


def _pattern(text: str) -> str:
    """Let `-k name` find any test whose name contains it."""
    return text if "*" in text else f"*{text}*"


def _declare_package(name: str, folder: Path) -> None:
    """Make a package known by its folder, without running its __init__."""
    package = types.ModuleType(name)
    package.__path__ = [str(folder)]
    sys.modules[name] = package
    parent, _, child = name.rpartition(".")
    setattr(sys.modules[parent], child, package)


def _use_plain_unittest() -> None:
    """Take Odoo's changes to unittest back: they ask for its own runner."""
    TestCase.subTest = unittest.TestCase.subTest
    TestCase.run = unittest.TestCase.run
    del odoo.tests.BaseCase.run


if __name__ == "__main__":
    sys.exit(main())
