"""Many registers at once on an Odoo with several workers, as a shop runs it.

Odoo's test runner has one process and one connection; what happens when eight
registers sell to one customer, or when a worker dies, can be seen only here.
"""
