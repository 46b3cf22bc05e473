"""Progress lines, clear failures and child processes."""

import shlex
import subprocess
import sys
import time

_STARTED = time.monotonic()


class GroundError(Exception):
    """Something the user has to know or do; shown without a traceback."""


def say(message: str) -> None:
    """Print a progress line, with the seconds since the command began."""
    print(f"[{time.monotonic() - _STARTED:6.1f}s] {message}", flush=True)


def seconds() -> float:
    """Return the seconds since the command began."""
    return time.monotonic() - _STARTED


def run(command, *, hint="", **options) -> subprocess.CompletedProcess:
    """Run a command quietly; when it fails, show its output and the hint.

    :param hint: what the user can do about a failure, in one sentence.
    """
    command = [str(part) for part in command]
    options.setdefault("stdout", subprocess.PIPE)
    options.setdefault("stderr", subprocess.STDOUT)
    options.setdefault("errors", "replace")
    done = subprocess.run(command, text=True, check=False, **options)
    if done.returncode:
        tail = "\n".join((done.stdout or "").splitlines()[-25:])
        raise GroundError(
            f"This command failed (exit code {done.returncode}):\n"
            f"  {shlex.join(command)}\n{tail}\n{hint}".rstrip()
        )
    return done


def guarded(main) -> None:
    """Run a command's main function and turn GroundError into a message."""
    try:
        sys.exit(main(sys.argv[1:]))
    except GroundError as error:
        print(f"\n{error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        sys.exit(130)
