"""Start Odoo: its configuration file, its environment, its log."""

import os
import re
import signal
import subprocess
import threading
import time
from pathlib import Path

from . import postgres
from .console import say, seconds
from .places import (
    ADDONS,
    CHECKOUT,
    CONFIG,
    DATA_DIR,
    LOGS,
    NODE_PROGRAMS,
    PYTHON,
    TEMPORARY,
    odoo_home,
)

# Lines that tell how far Odoo has come.
_MILESTONE = re.compile(r": (Loading module \w+ \(\d+/\d+\)|Starting \w+\.\w+)")
_SECONDS_BETWEEN_LINES = 5
_SECONDS_OF_SILENCE = 300


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
    text = "[options]\n" + "".join(lines)
    # An Odoo of another command may just be reading it.
    if not CONFIG.exists() or CONFIG.read_text() != text:
        CONFIG.touch(mode=0o600)
        CONFIG.write_text(text)


def python_environment() -> dict:
    """Return the environment for a process that needs no database.

    What programs like to keep in the user's home goes to our own folder. Compiled
    Python too, whatever the user's own Python keeps: Odoo starts two dozen times.
    """
    return {
        **os.environ,
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(TEMPORARY / "bytecode"),
        "PYTHONPATH": str(odoo_home()),
        # Odoo asks for rtlcss where people read from right to left.
        "PATH": f"{NODE_PROGRAMS}{os.pathsep}{os.environ['PATH']}",
        "HYPOTHESIS_STORAGE_DIRECTORY": str(TEMPORARY / "hypothesis"),
        "PYLINTHOME": str(TEMPORARY / "pylint"),
        "XDG_CACHE_HOME": str(TEMPORARY / "cache"),
        "XDG_CONFIG_HOME": str(TEMPORARY / "config"),
    }


def environment() -> dict:
    """Return the environment for any process that runs Odoo on a database."""
    return {
        **python_environment(),
        **postgres.environment(),
        "ODOO_RC": str(CONFIG),
    }


def odoo_command(*arguments) -> list:
    """Return the command line of an Odoo process."""
    return [str(part) for part in (PYTHON, "-m", "odoo", *arguments)]


def run_odoo(log_name: str, command: list, script="", extra_environment=()):
    """Run an Odoo process to its end, keep its log, show how far it has come.

    The script is what its standard input holds (for Odoo's shell). Returns the
    exit code and the path of the log.
    """
    log = LOGS / f"{log_name}.log"
    with (
        log.open("w") as file,
        subprocess.Popen(
            [str(part) for part in command],
            env={**environment(), **dict(extra_environment)},
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process,
    ):
        process.stdin.write(script)
        process.stdin.close()
        _follow(process, file)
    return process.returncode, log


def _follow(process, file) -> None:
    """Copy a process's output to its log and tell of milestones."""
    shown = seconds()
    watchdog = _Watchdog(process)
    watchdog.start()
    for line in process.stdout:
        watchdog.heard = seconds()
        file.write(line)
        milestone = _MILESTONE.search(line)
        if milestone and seconds() - shown > _SECONDS_BETWEEN_LINES:
            shown = seconds()
            say(f"  {milestone.group(1)}")
            file.flush()


class _Watchdog(threading.Thread):
    """End a process that says nothing any more, such as a test that hangs."""

    def __init__(self, process):
        super().__init__(daemon=True)
        self.process = process
        self.heard = seconds()

    def run(self):
        """Let Odoo log what each thread waits for (SIGQUIT), then end it."""
        while self.process.poll() is None:
            time.sleep(1)
            if seconds() - self.heard > _SECONDS_OF_SILENCE:
                say(f"  nothing was heard for {_SECONDS_OF_SILENCE} s: ending it")
                self.process.send_signal(signal.SIGQUIT)
                time.sleep(5)
                self.process.kill()
                return


def tail(log: Path, lines: int = 30) -> str:
    """Return the end of a log, for a message about a failure."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
