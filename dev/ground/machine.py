"""What the machine must offer: Debian packages, disk space, free ports."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from .console import GroundError, run, say
from .places import CHECKOUT

# What a step needs -> the Debian packages that bring it.
POSTGRESQL = ("postgresql",)
POSTGRESQL_CLIENT = ("postgresql-client",)
PDF_PRINTER = ("wkhtmltopdf",)
BROWSER = ("chromium", "fonts-liberation")
NODE = ("nodejs", "npm")

_lists_updated = False


def as_root(command) -> list:
    """Return the command so that it runs with the rights of root."""
    if os.geteuid() == 0:
        return list(command)
    if shutil.which("sudo") and (sys.stdin.isatty() or _sudo_asks_nothing()):
        return ["sudo", *command]
    raise GroundError(
        "Debian packages must be installed, and that needs root.\n"
        f"Run this as root or with sudo; it would run: {' '.join(command)}"
    )


def _sudo_asks_nothing() -> bool:
    """Tell whether sudo works without a password."""
    probe = ["sudo", "--non-interactive", "true"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def ensure_packages(packages) -> None:
    """Install the Debian packages that are missing."""
    missing = [name for name in packages if not _is_installed(name)]
    if not missing:
        return
    if not shutil.which("apt-get"):
        raise GroundError(
            f"These programs are missing: {', '.join(missing)}.\n"
            "This machine has no apt-get (Debian 12 or later is expected): "
            "install them by hand and start again."
        )
    update_lists()
    say(f"Installing Debian packages: {' '.join(missing)}")
    run(
        as_root(
            ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install"]
            + ["--yes", "--quiet", "--no-install-recommends", *missing]
        ),
        hint="Is the machine's Debian registry reachable? Try: apt-get update",
    )


def update_lists() -> None:
    """Refresh the machine's package lists, once per command."""
    global _lists_updated
    if _lists_updated:
        return
    say("Reading the machine's Debian package lists")
    run(
        as_root(["apt-get", "update", "--quiet"]),
        hint="No package registry answers. Check the network and apt's sources.",
    )
    _lists_updated = True


def _is_installed(package: str) -> bool:
    """Tell whether dpkg has the package installed."""
    if not shutil.which("dpkg-query"):
        return False
    status = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${Status}", package],
        capture_output=True,
        text=True,
        check=False,
    )
    return status.stdout.strip() == "install ok installed"


def ensure_disk(gigabytes: float, folder: Path = CHECKOUT) -> None:
    """Fail early, with the number, when the disk is too full."""
    free = shutil.disk_usage(folder).free / 1e9
    if free < gigabytes:
        raise GroundError(
            f"Only {free:.1f} GB are free on the disk of {folder}; "
            f"about {gigabytes:.0f} GB are needed. Make room and start again."
        )


def is_port_free(port: int) -> bool:
    """Tell whether nothing listens on the port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
