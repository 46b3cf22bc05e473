"""Programs that come from Node's registry: linters, and rtlcss for Odoo."""

import hashlib
import re
import shutil
import subprocess

from .console import run, say
from .machine import NODE, ensure_packages
from .places import DEV, TEMPORARY

_MODULES = DEV / "node_modules"
_OLDEST_NODE = 18


def ensure_node_modules() -> None:
    """Install what the lock file names, when it is not there yet."""
    lock = hashlib.sha256((DEV / "package-lock.json").read_bytes()).hexdigest()
    stamp = _MODULES / ".lock-hash"
    if stamp.exists() and stamp.read_text() == lock:
        return
    if _node_version() < _OLDEST_NODE or not shutil.which("npm"):
        ensure_packages(NODE)
    say("Installing Node's packages")
    run(
        ["npm", "ci", "--no-fund", "--no-audit", "--loglevel=error"]
        + [f"--cache={TEMPORARY / 'npm'}"],
        cwd=DEV,
        hint="Is the Node package registry reachable? Try: npm ping",
    )
    stamp.write_text(lock)


def _node_version() -> int:
    """Return the major version of the machine's Node, 0 when it has none."""
    if not shutil.which("node"):
        return 0
    answer = subprocess.run(["node", "--version"], capture_output=True, text=True)
    return int(re.sub(r"\D.*", "", answer.stdout.lstrip("v")) or 0)
