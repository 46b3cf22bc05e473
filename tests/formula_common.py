"""Short ways to put formulas into programs."""

from .common import CustomerPointsCommon

#: The second example of the source: double points above 1,000,000 (X-24).
DOUBLE = (
    "grossamount >= 1000000 ? floor(grossamount / 5000) : floor(grossamount / 10000)"
)


class FormulaCommon(CustomerPointsCommon):
    """Puts a formula into a program, and the customer in it."""

    def _formula(self, formula, context="transaction", **values):
        """Return what a rule of this formula needs."""
        values = {"name": "Formula", "method": "formula", **values}
        return {"formula": formula, "context": context, **values}

    def _member(self, *rules, **values):
        """Return the customer's account in a program of these rules."""
        return self._admit(self.customer, self._make_program(*rules, **values))

    def assertEarned(self, account, points, sell):
        """Assert what one sale adds to an account."""
        before = self._points(account)
        sell()
        self.assertEqual(self._points(account) - before, points)

    def assertEarnsBoth(self, account, product, cases):
        """Assert points by price of one product, on an invoice and at the register."""
        for price, points in cases:
            with self.subTest(price=price):
                product.list_price = price
                self.assertEarned(
                    account,
                    points,
                    lambda: self._invoice((product, 1, product.list_price)),
                )
                self.assertEarned(account, points, lambda: self._sell((product, 1)))
