"""How much memory this process needs, as the kernel counts it."""

import contextlib
import re
import threading
from pathlib import Path

import psutil

#: Programs that were started are looked at so often, in seconds.
_OFTEN = 0.02


def begin_peak() -> float:
    """Let the kernel forget the process's peak so far; return its size now, in MB."""
    Path("/proc/self/clear_refs").write_text("5")
    return _memory("VmRSS")


def peak() -> float:
    """Return the most memory the process had since ``begin_peak``, in MB."""
    return _memory("VmHWM")


class Started:
    """Programs that this process starts, while it is looked at them.

    Not by the kernel's count: that of a new process begins with its parent's memory.
    """

    peak = 0.0

    @contextlib.contextmanager
    def watched(self, program: str):
        """Note the most memory that a program of that name has in this block, in MB."""
        is_over = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(program, is_over))
        watcher.start()
        try:
            yield
        finally:
            is_over.set()
            watcher.join()

    def _watch(self, program: str, is_over: threading.Event):
        while not is_over.wait(_OFTEN):
            for process in psutil.Process().children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    if process.name() == program:
                        megabytes = process.memory_info().rss / 1024**2
                        self.peak = max(self.peak, megabytes)


def _memory(name: str) -> float:
    status = Path("/proc/self/status").read_text()
    return int(re.search(rf"{name}:\s*(\d+)", status).group(1)) / 1024
