"""Rules for every text that users read: no inside numbers, all of it translatable."""

import ast
import pathlib
import re

import polib

from odoo.tests import TransactionCase, tagged

from .common import ROOMS

_ROOT = pathlib.Path(__file__).resolve().parent.parent
#: How requirements are numbered: that is for developers only.
_REQUIREMENT = re.compile(r"\b[LECXTR]-\d{1,2}\b|\bI\d\d?\b|\(design \d|\(hardening \d")
_PLACEHOLDER = re.compile(r"%\(\w+\)s|%s|%%")
#: A text to translate that starts with anything but a literal, or is put together.
_JS_CALL = re.compile(r"\b_t\(\s*")
_JS_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"\s*[,)]')
#: What shows a text to people without translating it.
_SHOWN = {"UserError", "ValidationError", "AccessError", "RedirectWarning"}


def untranslatable(source):
    """Yield (line, what) of Python texts that no translation can reach."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _called(node) in ("_", "_lt"):
            if not node.args or not _is_text(node.args[0]):
                yield node.lineno, "an expression inside _()"
        elif isinstance(node, ast.Call) and _called(node) in _SHOWN:
            if any(
                isinstance(arg, ast.JoinedStr) or _is_text(arg) for arg in node.args
            ):
                yield node.lineno, "an error without _()"
        elif isinstance(node, ast.keyword) and node.arg in ("help", "string"):
            if not isinstance(node.value, ast.Constant):
                yield node.value.lineno, f"an expression as {node.arg}"


def untranslatable_in_scripts(source):
    """Yield the line of texts in JavaScript that no translation can reach."""
    for call in _JS_CALL.finditer(source):
        if not _JS_LITERAL.match(source, call.end()):
            yield source.count("\n", 0, call.start()) + 1


def _words(text):
    """Return the words of a text, without placeholders, markup and what is quoted."""
    plain = re.sub(r"%\(\w+\)s|%s|<[^>]*>|\"[^\"]*\"", "", text)
    return re.findall(r"[^\W\d_]+", plain)


def _called(node):
    return getattr(node.func, "attr", None) or getattr(node.func, "id", None)


def _is_text(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


@tagged("post_install", "-at_install")
class TestTexts(TransactionCase):
    @staticmethod
    def _files(pattern, *rooms):
        return [
            path for room in rooms for path in sorted((_ROOT / room).rglob(pattern))
        ]

    def _named(self, model):
        """Return the records of a model that this add-on brings."""
        data = self.env["ir.model.data"].search(
            [("module", "=", "customer_points"), ("model", "=", model)]
        )
        return self.env[model].browse(data.mapped("res_id"))

    def assertPlain(self, text, where):
        self.assertNotRegex(text or "", _REQUIREMENT, where)

    # === TRANSLATIONS === #

    def test_every_language_says_every_text(self):
        texts = polib.pofile(_ROOT / "i18n" / "customer_points.pot")
        files = sorted((_ROOT / "i18n").glob("*.po"))
        self.assertGreaterEqual(len(files), 5)
        for path in files:
            said = {entry.msgid: entry.msgstr for entry in polib.pofile(path)}
            for entry in texts:
                with self.subTest(f"{path.name}: {entry.msgid[:60]}"):
                    text = said[entry.msgid]
                    # Left empty where it is the same as in English, as a name is.
                    if not text and len(_words(entry.msgid)) <= 3:
                        continue
                    self.assertTrue(text)
                    self.assertEqual(
                        sorted(_PLACEHOLDER.findall(text)),
                        sorted(_PLACEHOLDER.findall(entry.msgid)),
                    )

    # === NO NUMBERS OF REQUIREMENTS === #

    def test_fields_name_no_requirement(self):
        fields = self._named("ir.model.fields")
        self.assertGreater(len(fields), 200)
        for field in fields:
            self.assertPlain(f"{field.field_description}\n{field.help}", field.name)
            for selection in field.selection_ids:
                self.assertPlain(selection.name, field.name)

    def test_views_and_menus_name_no_requirement(self):
        for model, names in (
            ("ir.ui.view", ["arch_db"]),
            ("ir.ui.menu", ["name"]),
            ("ir.actions.act_window", ["name", "help"]),
            ("ir.model.constraint", ["message"]),
            ("ir.cron", ["name"]),
        ):
            records = self._named(model)
            self.assertTrue(records, model)
            for record in records:
                for name in names:
                    # What stands in a comment is for developers.
                    text = re.sub(r"(?s)<!--.*?-->", "", record[name] or "")
                    self.assertPlain(text, record.display_name)

    def test_what_scripts_say_names_no_requirement(self):
        for path in self._files("*.js", "static/src"):
            for text in re.findall(r'"(?:[^"\\]|\\.)*"', path.read_text()):
                self.assertPlain(text, path.name)
        for path in self._files("*.xml", "static/src"):
            text = re.sub(r"(?s)<!--.*?-->", "", path.read_text())
            self.assertPlain(text, path.name)

    def test_what_is_translated_names_no_requirement(self):
        template = (_ROOT / "i18n" / "customer_points.pot").read_text()
        texts = "\n".join(re.findall(r'(?m)^(?:msgid )?"(.*)"$', template))
        self.assertGreater(len(texts), 10_000)
        self.assertPlain(texts, "customer_points.pot")

    # === TRANSLATABLE === #

    def test_python_texts_can_be_translated(self):
        for path in self._files("*.py", *ROOMS):
            with self.subTest(path.name):
                self.assertEqual(list(untranslatable(path.read_text())), [])

    def test_texts_of_scripts_can_be_translated(self):
        scripts = self._files("*.js", "static/src")
        self.assertGreater(sum("_t(" in path.read_text() for path in scripts), 5)
        for path in scripts:
            with self.subTest(path.name):
                self.assertEqual(list(untranslatable_in_scripts(path.read_text())), [])

    def test_what_cannot_be_translated_is_found(self):
        for source in (
            'self.env._("A" if x else "B")',
            'self.env._(f"{x} points")',
            'self.env._("A" + x)',
            "_(text)",
            'raise UserError("Stop")',
            'raise ValidationError(f"{x} stops")',
            'fields.Char(help="A" + B)',
        ):
            with self.subTest(source):
                self.assertTrue(list(untranslatable(source)))
        for source in ("_t(text)", "_t(a ? 1 : 2)", '_t("A" + b)', "_t(`A`)"):
            with self.subTest(source):
                self.assertTrue(list(untranslatable_in_scripts(source)))
        for source in ('self.env._("A %(b)s", b=b)', 'fields.Char(help="A " "B")'):
            self.assertFalse(list(untranslatable(source)))
        self.assertFalse(list(untranslatable_in_scripts('_t("A %s",\n "b")')))

    def test_numbers_of_requirements_are_found(self):
        for text in ("Off (E-01).", "(L-18)", "X-22", "balance (I1)", "(design 2.3)"):
            self.assertRegex(text, _REQUIREMENT)
        for text in ("LOYPAY2", "19.0", "A-4 paper", "12AB-34CD-56EF", "E-mail"):
            self.assertNotRegex(text, _REQUIREMENT)
