"""The parts of the workshop that decide whether something is good or bad."""

import json
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ground import (  # noqa: E402
    addon_links,
    documents,
    gates,
    logscan,
    odoo_source,
    sharing,
)

RECORD = "2026-01-02 03:04:05,678 42 {} db odoo.addons.{}: {}\n"


class TestLogScan(unittest.TestCase):
    def scan(self, text, allowed=""):
        with tempfile.TemporaryDirectory() as folder:
            log, allow_list = Path(folder, "log"), Path(folder, "allowed")
            log.write_text(text)
            allow_list.write_text(allowed)
            with mock.patch.object(logscan, "ALLOW_LIST", allow_list):
                return logscan.unexpected_records(log)

    def test_information_is_expected(self):
        self.assertEqual(self.scan(RECORD.format("INFO", "sale", "WARNING ahead")), [])

    def test_each_bad_level_is_found(self):
        for level in ("WARNING", "ERROR", "CRITICAL"):
            with self.subTest(level=level):
                self.assertEqual(len(self.scan(RECORD.format(level, "x", "y"))), 1)

    def test_traceback_belongs_to_its_record(self):
        text = RECORD.format("ERROR", "x", "broken") + "Traceback\n  ValueError: 7\n"

        found = self.scan(text + RECORD.format("INFO", "x", "later"))

        self.assertEqual(
            found, ["ERROR odoo.addons.x: broken\nTraceback\n  ValueError: 7"]
        )

    def test_allowed_record_is_left_out(self):
        text = RECORD.format("WARNING", "x", "known") + RECORD.format(
            "WARNING", "x", "new"
        )

        found = self.scan(text, "# Odoo's own\n^WARNING odoo.addons.x: known$\n")

        self.assertEqual(found, ["WARNING odoo.addons.x: new"])

    def test_format_that_pytest_writes_is_understood(self):
        text = "2026-01-02 03:04:05,6 42 WARNING - odoo.addons.x: y\n"

        self.assertEqual(self.scan(text), ["WARNING odoo.addons.x: y"])


class TestCountingTests(unittest.TestCase):
    def test_only_our_own_started_tests_count(self):
        text = RECORD.format(
            "INFO", "customer_points.tests.test_a", "Starting TestA.test_b ..."
        ) + RECORD.format("INFO", "sale.tests.test_a", "Starting TestA.test_b ...")

        self.assertEqual(sharing.STARTED.findall(text), [("test_a", "TestA.test_b")])

    def test_branches_of_the_engine_only(self):
        files = {
            "engine/a.py": {"summary": {"covered_branches": 3, "missing_branches": 1}},
            "models/b.py": {"summary": {"covered_branches": 0, "missing_branches": 4}},
        }

        self.assertEqual(gates._branch_percentage(files), 75.0)


class TestSharing(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.seconds, self.log = Path(folder.name, "seconds"), Path(folder.name, "log")
        for name, value in (
            ("_SECONDS", self.seconds),
            ("logs", lambda run: [self.log.with_name(run)]),
            ("test_files", lambda: [Path("test_a.py"), Path("test_b.py")]),
        ):
            patch = mock.patch.object(sharing, name, value)
            patch.start()
            self.addCleanup(patch.stop)

    def test_every_file_is_in_one_share_and_shares_take_as_long(self):
        suite = {"test_a": 9, "test_b": 4, "test_c": 6}
        self.seconds.write_text(json.dumps({"suite": suite}))

        self.assertEqual(self.share("suite"), ["ab", "cd"])

    def test_a_run_beside_other_modules_has_seconds_of_its_own(self):
        suite = {"test_a": 9, "test_b": 4, "test_c": 6}
        self.seconds.write_text(json.dumps({"suite": suite, "beside": {"test_d": 12}}))

        self.assertEqual(self.share("beside"), ["db", "ac"])

    def share(self, run):
        files = [Path(f"test_{letter}.py") for letter in "abcd"]
        shares = sharing.shares(files, run)
        return ["".join(file.stem[-1] for file in share) for share in shares]

    def test_times_of_the_last_runs_are_written_down(self):
        known = {"suite": {"test_gone": 6}, "beside-pos": {"test_b": 4}}
        self.seconds.write_text(json.dumps(known))
        lines = (
            (10, "Starting A.one "),
            (13, "note"),
            (15, "Starting A.two "),
            (29, "."),
        )
        log = self.log.with_name("suite")
        log.write_text(
            "".join(
                RECORD.format("INFO", "customer_points.tests.test_a", text).replace(
                    "03:04:05", f"03:04:{second}"
                )
                for second, text in lines
            )
        )

        sharing.balance()

        self.assertEqual(
            json.loads(self.seconds.read_text()),
            {
                "suite": {"test_a": 19},
                "beside-loyalty": {},
                "beside-pos": {"test_b": 4},
            },
        )
        self.assertEqual(sharing.duration(log), 19)


class TestMirror(unittest.TestCase):
    def test_one_line_sources(self):
        text = (
            "# deb http://old/ x main\ndeb [signed-by=/k.gpg] http://m/d name main x\n"
        )

        self.assertEqual(
            list(odoo_source._one_line_sources(text)),
            [("http://m/d", ["name"], ["main", "x"], "/k.gpg")],
        )

    def test_deb822_sources(self):
        text = (
            "Types: deb deb-src\n# note\nURIs: http://m/d\nSuites: name name-updates\n"
            "Components: main\nSigned-By: /k.gpg\n\nTypes: deb-src\nURIs: http://s\n"
        )

        self.assertEqual(
            list(odoo_source._deb822_sources(text)),
            [("http://m/d", ["name", "name-updates"], ["main"], "/k.gpg")],
        )

    def test_source_that_is_switched_off(self):
        text = "Types: deb\nEnabled: no\nURIs: http://m/d\nSuites: name\n"

        self.assertEqual(list(odoo_source._deb822_sources(text)), [])


class TestAddon(unittest.TestCase):
    def test_workshop_is_no_part_of_the_addon(self):
        entries = addon_links.addon_entries()

        self.assertIn("__manifest__.py", entries)
        for name in ("dev", "pyproject.toml", "dist"):
            self.assertNotIn(name, entries)
        for name in (".odoo", ".git", ".ci", ".pre-commit-config.yaml"):
            self.assertNotIn(name, entries)

    def test_translation_template_without_its_dates(self):
        with tempfile.NamedTemporaryFile("w+", suffix=".pot") as file:
            file.write('"POT-Creation-Date: 2026\\n"\nmsgid "Points"\n')
            file.flush()

            self.assertEqual(documents._undated(Path(file.name)), 'msgid "Points"\n')


if __name__ == "__main__":
    unittest.main()
