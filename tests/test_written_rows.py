from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from .common import PreparedShop
from .written_rows import WrittenRows


class AnotherShop(PreparedShop):
    """Set up beside the one that test classes share."""


@tagged("post_install", "-at_install")
class TestWrittenRows(TransactionCase):
    """What a test class gets is what Odoo's set-up of a shop leaves."""

    @classmethod
    def setUpClass(cls):
        try:
            AnotherShop.setUpClass()
            cls.rows = WrittenRows(AnotherShop.env)
            cls.wanted = cls._contents(AnotherShop.env)
            cls.sequences = cls._sequences(AnotherShop.env)
        finally:
            AnotherShop.doClassCleanups()
        super().setUpClass()

    @classmethod
    def _contents(cls, env):
        """Return a checksum of each table that the set-up wrote to."""
        query = "SELECT md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM %s t"
        return {
            name: env.execute_query(SQL(query, SQL.identifier(name)))[0]
            for name in cls.rows.tables
        }

    @classmethod
    def _sequences(cls, env):
        query = "SELECT * FROM pg_sequences WHERE sequencename LIKE 'ir_sequence_%%'"
        return set(env.execute_query(SQL(query)))

    def test_every_table_is_as_the_set_up_left_it(self):
        before = self._contents(self.env)

        self.rows.copy_to(self.env)

        self.assertGreater(len(self.wanted), 40)
        self.assertNotEqual(before, self.wanted)
        self.assertEqual(self._contents(self.env), self.wanted)

    def test_documents_are_numbered(self):
        self.rows.copy_to(self.env)

        self.assertEqual(self._sequences(self.env), self.sequences)
