"""The whole suite: Odoo's own test runner, and what must hold around it.

pytest is for one test at a time. Here the add-on is installed, tested, updated
and uninstalled as Odoo itself does it, and each of these must leave no WARNING
or ERROR in the log.
"""

import json
import re
from pathlib import Path

from .console import run, say
from .database import (
    LOYALTY_MODULES,
    POS_MODULES,
    ensure_odoo_template,
    temporary_database,
)
from .logscan import report_unexpected
from .machine import free_port
from .odoo_process import environment, odoo_command, run_odoo, tail
from .places import CHECKOUT, CONFIG, DEV, EXAMPLE, LOGS, MODULE, PYTHON, TEMPORARY
from .postgres import query
from .ready import ensure_ready, require_addon

LEAST_ENGINE_BRANCHES = 95.0
LEAST_OVERALL = 90.0
_SUITE = "suite"
_COVERAGE_FILE = {"COVERAGE_FILE": str(TEMPORARY / "measured")}
# The engine's tests try some texts as formulas, the suite a hundred thousand.
_ALL_TEXTS = {"POINTS_FUZZ_WHOLE": "1"}
_STARTED = re.compile(rf"odoo\.addons\.{MODULE}\.tests\.(\w+): Starting (\S+) ")
# What a shop has when it uninstalls: a register that is open and takes points.
_OPEN_A_REGISTER = """
journal = env["account.journal"].create(
    {"name": "Points Paid", "type": "bank", "code": "PTSU"}
)
program = env["points.program"].create(
    {"name": "Shop Card", "code": "UNINSTALL", "value_per_point": 1}
)
method = env["pos.payment.method"].create(
    {
        "name": "Pay with Points",
        "journal_id": journal.id,
        "outstanding_account_id": journal.default_account_id.id,
        "points_program_id": program.id,
    }
)
config = env["pos.config"].create(
    {"name": "Register", "payment_method_ids": [(6, 0, method.ids)]}
)
config.with_user(env.ref("base.user_admin")).open_ui()
env.cr.commit()
"""
# What must not be left behind, and how it is found.
_LEFTOVERS = {
    "a payment method that paid with points": "SELECT FROM pos_payment_method"
    " WHERE active AND name->>'en_US' = 'Pay with Points'",
    "a sequence of points": "SELECT FROM ir_sequence WHERE code = 'points.document'",
    "a table": "SELECT FROM pg_tables WHERE tablename LIKE 'points\\_%'",
    "a model": "SELECT FROM ir_model WHERE model LIKE 'points.%'",
    "a scheduled action": "SELECT FROM ir_act_server WHERE code LIKE 'model.\\_cron%'"
    " AND name->>'en_US' LIKE 'Customer Points%'",
}
_SKIPPED = re.compile(rf"odoo\.addons\.{MODULE}\.tests\.\w+: skipped (.*)")


def run_suite() -> int:
    """Run everything with every gate."""
    require_addon()
    ensure_ready(browser=True)
    with temporary_database(ensure_odoo_template()) as database:
        verdicts = [
            _run_tests(database, f"/{MODULE}", measured=True, more=_ALL_TEXTS),
            _check_every_file_ran(),
            _check_coverage(),
            _check_update(database),
            _check_uninstall(database),
        ]
    return _conclude(verdicts)


def run_tagged(tags: str) -> int:
    """Run the tests that a selector of Odoo's runner names."""
    require_addon()
    ensure_ready(browser=True)
    with temporary_database(ensure_odoo_template()) as database:
        return _conclude([_run_tests(database, tags)])


def run_beside_loyalty() -> int:
    """Run the tests beside Odoo's loyalty modules and a module that extends ours.

    Tours and the engine's tests are left out.
    """
    require_addon()
    ensure_ready(browser=True)
    tests = CHECKOUT / "tests"
    left_out = [*tests.glob("test_*tours.py"), *tests.glob("test_engine_*.py")]
    tags = [f"/{MODULE}", f"/{EXAMPLE}"]
    tags += [f"-/{MODULE}/tests/{file.name}" for file in left_out]
    with temporary_database(ensure_odoo_template(LOYALTY_MODULES)) as database:
        modules = f"{MODULE},{EXAMPLE}"
        return _conclude([_run_tests(database, ",".join(tags), modules=modules)])


def run_lives(arguments) -> int:
    """Run long random lives of a shop: seeds 1 to 10, 2,000 events each, or as told.

    :param arguments: the number of events, then seeds
    """
    events, *seeds = arguments or ["2000"]
    variables = {
        "POINTS_LIFE_EVENTS": events,
        "POINTS_LIFE_SEEDS": ",".join(seeds or map(str, range(1, 11))),
    }
    require_addon()
    ensure_ready()
    with temporary_database(ensure_odoo_template()) as database:
        tags = f"/{MODULE}:TestRandomLife"
        return _conclude([_run_tests(database, tags, more=variables)])


def run_beside_pos() -> int:
    """Run all tours where what Odoo has for the Point of Sale is installed as well."""
    require_addon()
    ensure_ready(browser=True)
    tours = sorted((CHECKOUT / "tests").glob("test_*tours.py"))
    tags = [f"/{MODULE}/tests/{file.name}" for file in tours]
    with temporary_database(ensure_odoo_template(POS_MODULES)) as database:
        return _conclude([_run_tests(database, ",".join(tags))])


def _run_tests(
    database: str, tags: str, measured=False, more=(), modules=MODULE
) -> bool:
    """Install the add-on and run tests; print what went wrong."""
    say(f"Installing the add-on and running the tests {tags}")
    command = odoo_command(
        *("-c", CONFIG, "-d", database, "-i", modules, "--test-tags", tags),
        *("--stop-after-init", "--http-port", free_port(), "--max-cron-threads=0"),
    )
    if measured:
        config = f"--rcfile={DEV / 'coverage.ini'}"
        command[1:1] = ["-m", "coverage", "run", config]
    variables = {**_COVERAGE_FILE, **dict(more)}
    code, log = run_odoo(_SUITE, command, extra_environment=variables)
    text = log.read_text(errors="replace")
    skipped = _SKIPPED.findall(text)
    count = len(_STARTED.findall(text)) - len(skipped)
    for reason in skipped:
        say(f"  skipped: {reason}")
    say(f"{count} tests ran (log: {log})")
    unexpected = report_unexpected(log)
    if code and not unexpected:
        print(tail(log))
    if not count:
        print("No test was found.")
    return not code and not unexpected and count > 0


def _check_every_file_ran() -> bool:
    """Find test files that nobody runs: tests/__init__.py must import each."""
    log = LOGS / f"{_SUITE}.log"
    modules = {module for module, _test in _STARTED.findall(log.read_text())}
    files = {file.stem for file in (CHECKOUT / "tests").glob("test_*.py")}
    forgotten = sorted(files - modules)
    for name in forgotten:
        print(f"No test of tests/{name}.py ran. Does tests/__init__.py import it?")
    return not forgotten


def _check_coverage() -> bool:
    """Print the coverage and compare it with what is asked for."""
    report = TEMPORARY / "coverage.json"
    command = [PYTHON, "-m", "coverage"]
    config = f"--rcfile={DEV / 'coverage.ini'}"
    options = {"cwd": CHECKOUT, "env": {**environment(), **_COVERAGE_FILE}}
    run([*command, "json", config, "-o", report], **options)
    print(run([*command, "report", config, "--skip-covered"], **options).stdout)
    measured = json.loads(report.read_text())
    engine = _branch_percentage(measured["files"])
    overall = measured["totals"]["percent_covered"]
    say(f"Coverage: {engine:.1f} % of engine/'s branches, {overall:.1f} % overall")
    good = engine >= LEAST_ENGINE_BRANCHES and overall >= LEAST_OVERALL
    if not good:
        print(f"Asked for: {LEAST_ENGINE_BRANCHES} % and {LEAST_OVERALL} %.")
    return good


def _branch_percentage(files: dict) -> float:
    """Return how many of the engine's branches ran, in percent."""
    summaries = [
        entry["summary"]
        for name, entry in files.items()
        if Path(name).parts[0] == "engine"
    ]
    branches = sum(summary["num_branches"] for summary in summaries)
    covered = sum(summary["covered_branches"] for summary in summaries)
    return 100.0 * covered / branches if branches else 100.0


def _check_update(database: str) -> bool:
    """Update the add-on: nothing may be logged."""
    say("Updating the add-on")
    command = odoo_command("-c", CONFIG, "-d", database, "-u", MODULE)
    code, log = run_odoo(
        "update", [*command, "--stop-after-init", "--no-http", "--max-cron-threads=0"]
    )
    return not report_unexpected(log) and not code


def _check_uninstall(database: str) -> bool:
    """Uninstall the add-on: nothing may be logged, nothing be left that pays."""
    say("Uninstalling the add-on while a register is open")
    shell = odoo_command("shell", "-c", CONFIG, "-d", database, "--no-http")
    opened, log = run_odoo("uninstall-register", shell, script=_OPEN_A_REGISTER)
    if opened:
        print(tail(log))
    command = odoo_command("module", "uninstall", "-c", CONFIG, "-d", database, MODULE)
    code, log = run_odoo("uninstall", command)
    left = [
        name
        for name, statement in _LEFTOVERS.items()
        if query(f"SELECT count(*) FROM ({statement}) found", database) != ["0"]
    ]
    for name in left:
        print(f"Uninstalling left {name} behind.")
    return not (report_unexpected(log) or code or opened or left)


def _conclude(verdicts) -> int:
    """Print the verdict and return the exit code."""
    good = all(verdicts)
    say("All is well." if good else "FAILED; the reasons are above.")
    return 0 if good else 1
