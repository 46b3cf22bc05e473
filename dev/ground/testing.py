"""Run a selection of tests: the engine's, or any through pytest-odoo."""

import subprocess

from .console import say
from .database import ensure_addon_template, temporary_database
from .logscan import report_unexpected
from .odoo_process import environment, python_environment
from .places import (
    ADDONS,
    CONFIG,
    DEV,
    LINKED_ADDON,
    LOGS,
    PYTHON,
)
from .ready import ensure_python, ensure_ready, require_addon

_LOG_FORMAT = "%(asctime)s,%(msecs)d %(process)d %(levelname)s - %(name)s: %(message)s"


def run_engine_tests(arguments) -> int:
    """Run the tests that need no database."""
    ensure_python()
    script = DEV / "ground" / "engine_tests.py"
    command = [PYTHON, script, LINKED_ADDON, *arguments]
    return subprocess.run(command, env=python_environment(), check=False).returncode


def run_pytest(arguments) -> int:
    """Run test files on a copy of the template that holds the add-on.

    :param arguments: paths as seen from the checkout, and pytest's options.
    """
    require_addon()
    ensure_ready(browser=True)
    template = ensure_addon_template()
    log = LOGS / "pytest.log"
    log.unlink(missing_ok=True)
    with temporary_database(template) as database:
        say("Running pytest")
        done = subprocess.run(
            _pytest_command(database, log, arguments),
            env=environment(),
            cwd=ADDONS,
            check=False,
        )
    return done.returncode or int(report_unexpected(log))


def _pytest_command(database, log, arguments) -> list:
    """Return pytest's command line; paths go through the folder of links."""
    paths = [LINKED_ADDON / word if _is_path(word) else word for word in arguments]
    return [
        *(PYTHON, "-m", "pytest", f"--rootdir={ADDONS}", "-p", "no:cacheprovider"),
        *(f"--odoo-config={CONFIG}", f"--odoo-database={database}", "--odoo-http"),
        *("--odoo-log-level=warn", "--odoo-extra=max-cron-threads=0"),
        *(f"--log-file={log}", "--log-file-level=WARNING"),
        *(
            f"--log-file-format={_LOG_FORMAT}",
            "--log-file-date-format=%Y-%m-%d %H:%M:%S",
        ),
        *paths,
    ]


def _is_path(word: str) -> bool:
    """Tell a test file (with or without ::Class) from an option of pytest."""
    return word.split("::")[0].rstrip("/") == "tests" or word.startswith("tests/")
