from collections import Counter

from odoo.tests import tagged

from .attack_common import AttackCommon
from .attacks_methods import method_attacks
from .attacks_register import register_attacks
from .attacks_tables import table_attacks


@tagged("post_install", "-at_install")
class TestAttackMatrix(AttackCommon):
    """Nothing from a browser is believed: role by role, way by way (the table)."""

    def _get_table(self):
        yield from register_attacks()
        yield from table_attacks(self.env)
        yield from method_attacks()

    def test_the_table_is_long_and_names_every_row_once(self):
        rows = Counter(
            (group, attack.name, attack.roles) for group, attack in self._get_table()
        )

        self.assertGreater(len(rows), 220)
        self.assertFalse([row for row, count in rows.items() if count > 1])

    def test_register(self):
        self._run(register_attacks())

    def test_tables(self):
        self._run(table_attacks(self.env))

    def test_methods(self):
        self._run(method_attacks())

    def _run(self, attacks):
        for group, attack in attacks:
            together = [attack.roles] if attack.is_for_nothing else zip(attack.roles)
            for roles in together:
                with self.subTest(f"{group}: {attack.name}", roles=roles):
                    self._try(attack, roles)

    def _try(self, attack, roles):
        """Try an attack, look at what came of it, and undo it."""
        with self._undone():
            before = self._read_state()
            tables = attack.kept and self._read_tables(*attack.kept)
            for role in roles:
                answer, error = self._attempt(attack.way, self, role)
                self.assertNothingTold(role, answer, error)
            self.assertNothingGranted(
                before, attack.most, attack.takes, attack.vouchers
            )
            if attack.kept:
                self.assertEqual(self._read_tables(*attack.kept), tables)
            if attack.is_looked_at and not error:
                self.assertLookedAt()
            if attack.is_settled and not error:
                self.assertReview("to_settle", False)
            if attack.check:
                attack.check(self, answer, error)
