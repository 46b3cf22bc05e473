from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import CustomerPointsCommon, migrate


@tagged("post_install", "-at_install")
class TestPointsNumbers(CustomerPointsCommon):
    """Documents are numbered as their sequence says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._admit(cls.customer, cls._make_program())
        cls.sequence = cls.env["points.document"]._get_sequence(cls.env.company.id)

    def _name(self, day="2025-11-09"):
        move = self._invoice((self.cake, 1, 10), day=day)
        return move.points_document_ids[-1:].name

    def test_a_new_sequence_numbers_as_before(self):
        self.assertRegex(self._name(), r"^PTS/2025/\d{5}$")

    def test_prefix_suffix_and_padding_are_those_of_the_sequence(self):
        self._name()
        self.sequence.write(
            {"prefix": "PT%(y)s-%(month)s-", "padding": 7, "suffix": "/A"}
        )

        self.assertRegex(self._name(), r"^PT25-11-\d{7}/A$")

        self.sequence.write({"prefix": False, "padding": 0, "suffix": False})
        self.sequence.number_next = 4321
        self.assertEqual(self._name(), "4321")

    def test_a_prefix_that_cannot_be_read_keeps_no_sale_from_its_points(self):
        self.sequence.prefix = "PT%(yaer)s/"

        self.assertRegex(self._name(), r"^PTS/2025/\d{5}$")
        self.assertPoints(self.account, 10)

    def test_registers_never_wait_for_a_number(self):
        with self.assertRaisesRegex(ValidationError, "sequence must be Standard"):
            self.sequence.implementation = "no_gap"

    def test_sequences_made_before_keep_their_numbers_after_an_update(self):
        self.sequence.write({"prefix": False, "padding": 0})
        self.env.flush_all()

        migrate(self.env.cr, "19.0.1.6.0/post-numbers_of_documents.py")

        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.assertRegex(self._name(), r"^PTS/2025/\d{5}$")
