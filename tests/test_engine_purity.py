"""The engine stands alone: no Odoo, no clock, values that never change."""

import ast
import dataclasses
import importlib
import inspect
import pkgutil
import sys

from odoo.tests.common import BaseCase

from odoo.addons.customer_points import engine
from odoo.addons.customer_points.engine.checking import Seen
from odoo.addons.customer_points.engine.lots import AccountLots, OpenLot

#: What a document is booked on; everything else is a value.
CHANGEABLE = (AccountLots, OpenLot, Seen)
FORBIDDEN = ("time", "random", "os", "threading")


def modules():
    """Return the modules of the engine."""
    names = [found.name for found in pkgutil.iter_modules(engine.__path__)]
    return [importlib.import_module(f"{engine.__name__}.{name}") for name in names]


def imported(module):
    """Return what a module imports from outside the engine."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level != 1:
            yield "." * node.level + (node.module or "")


class TestEnginePurity(BaseCase):
    def test_the_engine_imports_the_standard_library_and_simpleeval(self):
        self.assertGreater(len(modules()), 5)
        for module in modules():
            for name in imported(module):
                with self.subTest(module=module.__name__, name=name):
                    top = name.split(".")[0]
                    self.assertIn(top, {*sys.stdlib_module_names, "simpleeval"})
                    self.assertNotIn(top, FORBIDDEN)

    def test_no_clock_is_asked_and_no_context_of_the_thread_is_changed(self):
        asks = {"today", "now", "utcnow", "getcontext", "setcontext"}
        for module in modules():
            names = {
                getattr(node, "attr", None) or getattr(node, "id", None)
                for node in ast.walk(ast.parse(inspect.getsource(module)))
            }
            with self.subTest(module=module.__name__):
                self.assertEqual(names & asks, set())

    def test_values_are_frozen_and_small(self):
        for module in modules():
            for name, value in inspect.getmembers(module, dataclasses.is_dataclass):
                with self.subTest(name=name):
                    self.assertTrue(hasattr(value, "__slots__"))
                    is_frozen = value.__dataclass_params__.frozen
                    self.assertIs(is_frozen, value not in CHANGEABLE)
