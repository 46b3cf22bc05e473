"""An Odoo to click in: a database with demo data, served on this machine."""

import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import postgres
from .console import GroundError, say
from .database import (
    addon_fingerprint,
    create_database,
    database_names,
    drop_database,
    ensure_addon_template,
)
from .logscan import unexpected_records
from .machine import is_port_free
from .odoo_process import environment, odoo_command, run_odoo, tail
from .places import CONFIG, DATA_DIR, LOGS, MODULE, RUN_STATE
from .ready import ensure_ready, require_addon

DATABASE = "cp_demo"
PORT = 8069
ADDRESS = f"http://localhost:{PORT}"
_PID_FILE = RUN_STATE / "odoo.pid"
_FINGERPRINT = RUN_STATE / "fingerprint"
_LOG = LOGS / "demo-server.log"
_SECONDS_TO_START = 90
_SECONDS_TO_STOP = 20


def start() -> None:
    """Start Odoo with the demo database; make that first if there is none."""
    require_addon()
    stop_odoo()
    if not is_port_free(PORT):
        raise GroundError(
            f"Port {PORT} is taken by another program. Find it with\n"
            f"  ss --listening --tcp --processes | grep {PORT}\n"
            "stop it and start again."
        )
    ensure_ready()
    RUN_STATE.mkdir(exist_ok=True)
    _ensure_database()
    _launch()


def stop() -> None:
    """Stop Odoo and our PostgreSQL."""
    stop_odoo()
    postgres.stop_postgres()


def reset() -> None:
    """Throw all databases and their files away; keep what was downloaded."""
    stop_odoo()
    say("Removing all databases")
    if postgres.is_foreign():
        ensure_ready()
        for name in database_names():
            drop_database(name)
    else:
        postgres.remove_cluster()
    for folder in (DATA_DIR, RUN_STATE, LOGS):
        shutil.rmtree(folder, ignore_errors=True)
    say("All databases are gone; the next start makes new ones.")


def stop_odoo() -> None:
    """Stop the Odoo that an earlier start left running."""
    pid = _running_pid()
    if pid is None:
        return
    say("Stopping Odoo")
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + _SECONDS_TO_STOP
    while _running_pid() is not None:
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.2)
    _PID_FILE.unlink(missing_ok=True)


def _ensure_database() -> None:
    """Create the demo database, or bring it to the add-on's present files."""
    fingerprint = addon_fingerprint(demo=True)
    if DATABASE not in database_names():
        create_database(DATABASE, ensure_addon_template(demo=True))
    elif not _FINGERPRINT.exists() or _FINGERPRINT.read_text() != fingerprint:
        say("The add-on has changed: updating the demo database")
        command = odoo_command("-c", CONFIG, "-d", DATABASE, "-u", MODULE)
        code, log = run_odoo(
            "demo-update", [*command, "--stop-after-init", "--no-http"]
        )
        if code:
            raise GroundError(f"{tail(log)}\n\nThe update failed. ./dev/run --reset")
    _FINGERPRINT.write_text(fingerprint)


def _launch() -> None:
    """Start Odoo in the background and wait until it answers."""
    say("Starting Odoo")
    command = odoo_command(
        *("-c", CONFIG, "-d", DATABASE, "--db-filter", f"^{DATABASE}$"),
        *("--http-port", PORT, "--no-database-list"),
    )
    with _LOG.open("w") as log:
        process = subprocess.Popen(
            command,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _PID_FILE.write_text(str(process.pid))
    deadline = time.monotonic() + _SECONDS_TO_START
    while not _answers():
        if process.poll() is not None or time.monotonic() > deadline:
            raise GroundError(f"{tail(_LOG)}\n\nOdoo did not start; its log: {_LOG}")
        time.sleep(0.2)
    for record in unexpected_records(_LOG):
        say(record)


def _answers() -> bool:
    """Tell whether Odoo serves its login page."""
    try:
        with urllib.request.urlopen(f"{ADDRESS}/web/login", timeout=30) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _running_pid():
    """Return the process id of our Odoo, or None when it does not run."""
    if not _PID_FILE.exists():
        return None
    pid = int(_PID_FILE.read_text())
    try:
        words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return None
    return pid if str(CONFIG) in words else None
