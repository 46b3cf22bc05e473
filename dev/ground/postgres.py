"""A PostgreSQL of our own, or the server that PGHOST names.

PostgreSQL refuses to run as root, so root hands the cluster to the user
`postgres` of the Debian package. That user cannot enter a closed home folder:
then the data lie in a folder of their own, outside the checkout.
"""

import hashlib
import os
import pwd
import re
import secrets
import shutil
import subprocess
from pathlib import Path

from .console import GroundError, run, say
from .machine import (
    POSTGRESQL,
    POSTGRESQL_CLIENT,
    ensure_disk,
    ensure_packages,
    free_port,
    is_port_free,
)
from .places import CHECKOUT, GROUND

ROLE = "odoo"
DISK_GIGABYTES = 3
_PASSWORD_FILE = GROUND / "database-password"
_START_HINT = "Its log is the file `log` in the data folder named above."


def ensure_postgres() -> None:
    """Have a server that answers: create and start it when it is ours."""
    if is_foreign():
        ensure_packages([] if shutil.which("psql") else POSTGRESQL_CLIENT)
        query("SELECT 1")
        return
    if not _program_folders():
        ensure_packages(POSTGRESQL)
    if not (_data_folder() / "PG_VERSION").exists():
        _create_cluster()
    if _running_port() is None:
        _start()


def stop_postgres() -> None:
    """Stop our own server; leave another one alone."""
    if not is_foreign() and _running_port() is not None:
        say("Stopping PostgreSQL")
        _as_owner([_program("pg_ctl"), "-D", _data_folder(), "-m", "fast", "stop"])


def restart_postgres() -> None:
    """Cut all connections of our own server, as a power cut would, and start it."""
    _as_owner([_program("pg_ctl"), "-D", _data_folder(), "-m", "immediate", "stop"])
    _start()


def remove_cluster() -> None:
    """Throw our own server's data away."""
    stop_postgres()
    shutil.rmtree(_data_folder(), ignore_errors=True)


def environment() -> dict:
    """Return the variables with which any client finds the server."""
    if is_foreign():
        return {key: value for key, value in os.environ.items() if key[:2] == "PG"}
    return {
        "PGHOST": "127.0.0.1",
        "PGPORT": str(_running_port()),
        "PGUSER": ROLE,
        "PGPASSWORD": _PASSWORD_FILE.read_text(),
    }


def query(statement: str, database: str = "postgres") -> list:
    """Run one statement and return the lines of its answer."""
    hint = "PGHOST names the server." if is_foreign() else ""
    variables = {**os.environ, **environment()}
    return run(_psql(database, statement), env=variables, hint=hint).stdout.splitlines()


def is_foreign() -> bool:
    """Tell whether the user named a server that is not ours."""
    return bool(os.environ.get("PGHOST"))


def _psql(database: str, statement: str) -> list:
    """Return the command that runs one statement and prints bare values."""
    return [
        *("psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align"),
        *("--set=ON_ERROR_STOP=1", f"--dbname={database}", f"--command={statement}"),
    ]


def _owner() -> str:
    """Return the user the server runs as: never root."""
    return "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


def _as_owner(command) -> None:
    """Run a server program as the user that owns the cluster."""
    prefix = ["runuser", "-u", _owner(), "--"] if os.geteuid() == 0 else []
    # pg_ctl leaves the server behind: it must not hold our output open.
    command = [*prefix, *map(str, command)]
    run(command, cwd="/", stdout=subprocess.DEVNULL, hint=_START_HINT)


def _data_folder() -> Path:
    """Return where the cluster lies: in the checkout if its user gets there."""
    if os.geteuid() == 0:
        reach = ["runuser", "-u", _owner(), "--", "test", "-x", CHECKOUT]
        if subprocess.run(reach, check=False, capture_output=True).returncode:
            mark = hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:10]
            return Path("/var/tmp") / f"customer_points-postgres-{mark}"
    return GROUND / "postgres"


def _program_folders() -> list:
    """Return the folders with server programs, newest version last."""
    folders = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return sorted((path.parent for path in folders), key=_version_of)


def _version_of(folder: Path) -> int:
    """Return the major version that a folder of server programs belongs to."""
    return int(re.sub(r"\D", "", folder.parent.name) or 0)


def _program(name: str) -> Path:
    """Return a server program of the version that made the cluster."""
    stamp = _data_folder() / "PG_VERSION"
    if not stamp.exists():
        return _program_folders()[-1] / name
    for folder in _program_folders():
        if folder.parent.name == stamp.read_text().strip():
            return folder / name
    raise GroundError(
        f"{_data_folder()} was made by PostgreSQL {stamp.read_text().strip()}, "
        "which is no longer installed. Start anew with: ./dev/run --reset"
    )


def _create_cluster() -> None:
    """Make an empty cluster that only knows our role and its password."""
    folder = _data_folder()
    ensure_disk(DISK_GIGABYTES, folder.parent)
    say(f"Creating a PostgreSQL cluster in {folder}")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _PASSWORD_FILE.touch(mode=0o600)
    _PASSWORD_FILE.write_text(secrets.token_hex(16))
    # A copy that the server's user may read, for as long as initdb runs.
    hand_over = folder.with_suffix(".password")
    hand_over.touch(mode=0o600)
    hand_over.write_text(_PASSWORD_FILE.read_text())
    for path in (folder, hand_over):
        shutil.chown(path, _owner())
    _as_owner(
        [_program("initdb"), "-D", folder, "-U", ROLE, f"--pwfile={hand_over}"]
        + ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"]
    )
    hand_over.unlink()


def _start() -> None:
    """Start the server on a free port and wait until it answers."""
    folder = _data_folder()
    remembered = GROUND / "database-port"
    port = int(remembered.read_text()) if remembered.exists() else 0
    if not port or not is_port_free(port):
        port = free_port()
    remembered.write_text(str(port))
    say(f"Starting PostgreSQL on port {port} (data: {folder})")
    settings = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder}"
    log = folder / "log"
    _as_owner(
        [_program("pg_ctl"), "-D", folder, "-l", log, "-w", "-o", settings, "start"]
    )


def _running_port():
    """Return the port our server listens on, or None when it is not running."""
    control = _data_folder() / "postmaster.pid"
    if not control.exists():
        return None
    lines = control.read_text().splitlines()
    if len(lines) < 4 or not Path(f"/proc/{lines[0]}").exists():
        return None
    return int(lines[3])
