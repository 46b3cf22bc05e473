"""An Odoo with several worker processes and a cron worker, as a shop runs it."""

import contextlib
import os
import random
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from .console import GroundError, say
from .machine import free_port
from .odoo_process import environment, tail
from .places import CONFIG, DEV, LOGS, PYTHON

WORKERS = 4
_ALIVE = re.compile(r"Worker WorkerHTTP \((\d+)\) alive")
_SECONDS_TO_START = 90
_SECONDS_TO_STOP = 20


class PreforkServer:
    """A running Odoo on one database; only this machine reaches it."""

    def __init__(self, database: str, log_name: str):
        """Start nothing yet: ``start`` does."""
        self.database = database
        self.log = LOGS / f"{log_name}.log"
        self.log.unlink(missing_ok=True)
        self.port, self._evented_port = free_port(), free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._process = None

    def start(self) -> None:
        """Start Odoo and wait until it answers."""
        command = [
            *(PYTHON, DEV / "ground" / "odoo_script.py", "-c", CONFIG),
            *("-d", self.database, "--db-filter", f"^{self.database}$"),
            *("--no-database-list", "--http-port", str(self.port)),
            *("--gevent-port", str(self._evented_port)),
            *("--workers", str(WORKERS), "--max-cron-threads", "1"),
        ]
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                command,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + _SECONDS_TO_START
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise GroundError(f"{tail(self.log)}\n\nOdoo did not start.")
            time.sleep(0.2)

    def stop(self) -> None:
        """End Odoo with all its processes, in an orderly way if it can."""
        if self._process is None:
            return
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_SECONDS_TO_STOP)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def restart(self) -> None:
        """Stop Odoo in the middle of whatever it does, and start it again."""
        self.stop()
        self.start()

    def ensure_running(self) -> None:
        """Start Odoo again if it has ended, as a shop's machine does.

        Odoo ends when it misses the database just as it needs a new worker.
        """
        if self._process.poll() is not None:
            say("  Odoo has ended; starting it again")
            self.restart()

    def kill_a_worker(self) -> bool:
        """Kill one of the processes that answer requests; tell whether one ran."""
        workers = self._workers()
        if workers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(random.choice(workers), signal.SIGKILL)
        return bool(workers)

    def _workers(self) -> list:
        """Return the process ids of the workers that run now."""
        started = map(int, _ALIVE.findall(self.log.read_text(errors="replace")))
        return [pid for pid in started if _parent_of(pid) == self._process.pid]

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/web/health", timeout=30):
                return True
        except (urllib.error.URLError, OSError):
            return False


@contextlib.contextmanager
def running(database: str, log_name: str):
    """Provide a running Odoo for as long as a block runs."""
    server = PreforkServer(database, log_name)
    say(f"Starting Odoo with {WORKERS} workers")
    try:
        server.start()
        yield server
    finally:
        server.stop()


def _parent_of(pid: int):
    """Return the process id of a process's parent; None when it has ended."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return int(status.rpartition(")")[2].split()[1])
