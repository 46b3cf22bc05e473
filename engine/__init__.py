"""The arithmetic of points: pure Python, without Odoo, database, clock or user.

What goes in and comes out are frozen dataclasses over ``decimal.Decimal``
(design 2.1), so every result can be tested, explained and repeated from its
evidence alone.
"""
