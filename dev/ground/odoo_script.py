"""Odoo's command as a file: Odoo with workers starts its own file a second time.

`python -m odoo` cannot be started that way.
"""

from odoo.cli.command import main

main()
