"""The Python packages: one virtual environment, pinned by a lock file."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .console import GroundError, run, say
from .machine import ensure_disk, ensure_packages
from .places import LOCK_FILE, PYTHON, VENV, odoo_home

DISK_GIGABYTES = 2
OLDEST_PYTHON = (3, 10)
# Odoo 19 does not know newer ones.
NEWEST_PYTHON = (3, 13)


def ensure_venv() -> None:
    """Create the environment, or bring it to what the lock file says."""
    wanted = hashlib.sha256(LOCK_FILE.read_bytes()).hexdigest()
    stamp = VENV / ".lock-hash"
    if not (stamp.exists() and stamp.read_text() == wanted and PYTHON.exists()):
        ensure_disk(DISK_GIGABYTES)
        create_venv(VENV)
        say("Installing Python packages (a minute or two)")
        run(
            [PYTHON, "-m", "pip", "install", "--quiet", "--requirement", LOCK_FILE]
            + ["--no-cache-dir", "--disable-pip-version-check"],
            hint="Is the Python package registry reachable? Try: pip download six",
        )
        stamp.write_text(wanted)
    _link_odoo()


def create_venv(folder: Path) -> None:
    """Make an empty virtual environment, from nothing."""
    _check_python()
    say("Creating a Python environment")
    shutil.rmtree(folder, ignore_errors=True)
    if not _has_ensurepip():
        ensure_packages(["python3-venv"])
    run([sys.executable, "-m", "venv", folder])


def write_lock() -> None:
    """Write the lock file with the newest versions that fit together.

    One file serves every Python that Odoo 19 runs on, which pip cannot write.
    """
    with tempfile.TemporaryDirectory() as folder:
        create_venv(Path(folder))
        program = Path(folder, "bin")
        run([program / "pip", "install", "--quiet", "uv"])
        versions = run(
            [program / "uv", "pip", "compile", "--quiet", "--universal"]
            + ["--python-version", "3.10", "--no-header", "--no-annotate"]
            + ["--upgrade", LOCK_FILE.with_suffix(".in")],
            stderr=subprocess.PIPE,
        ).stdout
    heading = f"# Written by dev/lock from {LOCK_FILE.stem}.in: change that file.\n"
    LOCK_FILE.write_text(heading + versions)


def site_packages(folder: Path = VENV) -> Path:
    """Return the folder in which an environment keeps its packages."""
    return next((folder / "lib").glob("python3*/site-packages"))


def _check_python() -> None:
    """Refuse a Python that Odoo 19 does not run on."""
    if not OLDEST_PYTHON <= sys.version_info[:2] <= NEWEST_PYTHON:
        raise GroundError(
            "Odoo 19 runs on Python 3.10 to 3.13; this is "
            f"{sys.version_info[0]}.{sys.version_info[1]} ({sys.executable}).\n"
            "Start this command with another one: python3.12 dev/run"
        )


def _has_ensurepip() -> bool:
    """Tell whether this Python can put pip into a new environment.

    Debian keeps that part in a package of its own.
    """
    probe = [sys.executable, "-c", "import ensurepip"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def _link_odoo() -> None:
    """Let the environment's Python import `odoo` from where it lies."""
    path_file = site_packages() / "odoo-source.pth"
    content = f"{odoo_home()}{os.linesep}"
    if not path_file.exists() or path_file.read_text() != content:
        path_file.write_text(content)
