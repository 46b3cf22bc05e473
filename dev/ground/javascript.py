"""Programs that come from Node's registry: linters, and rtlcss for Odoo."""

import hashlib
import os
import re
import shutil
import subprocess

from .console import run, say
from .machine import NODE, ensure_packages
from .places import CHECKOUT, DEV, NODE_PROGRAMS, TEMPORARY

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


def eslint(files, fix: bool) -> list:
    """Return eslint's command for some files."""
    mode = ["--fix"] if fix else []
    config = DEV / "eslint.config.mjs"
    return [_program("eslint"), "--max-warnings=0", "--config", config, *mode, *files]


def prettier(files, fix: bool) -> list:
    """Return prettier's command for some files."""
    mode = ["--write", "--log-level=warn"] if fix else ["--check", "--log-level=warn"]
    config = DEV / "prettier.config.mjs"
    return [_program("prettier"), "--config", config, *mode, *files]


def _program(name: str) -> str:
    """Return a linter's program as a path that both may be started from."""
    return os.path.relpath(NODE_PROGRAMS / name, CHECKOUT)


def _node_version() -> int:
    """Return the major version of the machine's Node, 0 when it has none."""
    if not shutil.which("node"):
        return 0
    answer = subprocess.run(["node", "--version"], capture_output=True, text=True)
    return int(re.sub(r"\D.*", "", answer.stdout.lstrip("v")) or 0)
