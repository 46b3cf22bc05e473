"""Start Odoo: its configuration file, its environment, its log."""

import re
import subprocess
from pathlib import Path

from . import postgres
from .console import say, seconds
from .places import ADDONS, CONFIG, DATA_DIR, LOGS, PYTHON, TEMPORARY, odoo_home

_LOADING = re.compile(r"Loading module (\w+) \((\d+)/(\d+)\)")
_SECONDS_BETWEEN_LINES = 5


def write_config() -> None:
    """Write the configuration that every Odoo process of ours starts from."""
    server = postgres.environment()
    settings = {
        "addons_path": f"{ADDONS},{odoo_home() / 'odoo' / 'addons'}",
        "data_dir": DATA_DIR,
        "screenshots": TEMPORARY,
        "http_interface": "127.0.0.1",
        "db_host": server.get("PGHOST"),
        "db_port": server.get("PGPORT"),
        "db_user": server.get("PGUSER"),
        "db_password": server.get("PGPASSWORD"),
    }
    for folder in (DATA_DIR, LOGS, TEMPORARY):
        folder.mkdir(parents=True, exist_ok=True)
    lines = [f"{key} = {value}\n" for key, value in settings.items() if value]
    CONFIG.touch(mode=0o600)
    CONFIG.write_text("[options]\n" + "".join(lines))


def environment() -> dict:
    """Return the environment for any process that runs Odoo's Python."""
    return {
        **postgres.environment(),
        "ODOO_RC": str(CONFIG),
        "PYTHONPATH": str(odoo_home()),
    }


def odoo_command(*arguments) -> list:
    """Return the command line of an Odoo process."""
    return [str(part) for part in (PYTHON, "-m", "odoo", *arguments)]


def run_odoo(log_name: str, command: list, echo=None):
    """Run an Odoo process to its end, keep its log, show its progress.

    :param echo: a pattern; lines it is found in are shown as they come.
    :return: (exit code, path of the log)
    """
    log = LOGS / f"{log_name}.log"
    shown = seconds()
    with log.open("w") as file, subprocess.Popen(
        command,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout:
            file.write(line)
            file.flush()
            if echo and re.search(echo, line):
                say(line.rstrip()[:160])
            elif _LOADING.search(line) and seconds() - shown > _SECONDS_BETWEEN_LINES:
                shown = seconds()
                say("  module %s (%s of %s)" % _LOADING.search(line).groups())
    return process.returncode, log


def tail(log: Path, lines: int = 30) -> str:
    """Return the end of a log, for a message about a failure."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
