"""What the add-on costs: counted and timed beside Odoo without it and with
Odoo's own loyalty modules. Started by dev/bench, runs in Odoo's Python.
"""
