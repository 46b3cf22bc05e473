"""Started by dev/bench in Odoo's Python: options, then target=database pairs."""

import json
import logging
import sys

from odoo.tools import config

config.parse_config(["--no-http", "--log-level=warn"], setup_logging=True)
logging.getLogger("py.warnings").setLevel(logging.ERROR)

from .options import read  # noqa: E402
from .running import run  # noqa: E402

databases = json.loads(sys.argv[1])
sys.exit(run(read(sys.argv[2:]), databases))
