"""The whole suite: Odoo's own test runner, and what must hold around it.

pytest is for one test at a time. Here the add-on is installed, tested, updated
and uninstalled as Odoo itself does it, and each of these must leave no WARNING
or ERROR in the log.
"""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from . import sharing
from .console import run, say
from .database import (
    LOYALTY_MODULES,
    POS_MODULES,
    ensure_odoo_template,
    temporary_database,
    temporary_databases,
)
from .logscan import report_unexpected
from .machine import free_port
from .odoo_process import odoo_command, python_environment, run_odoo, tail
from .places import CHECKOUT, CONFIG, DEV, EXAMPLE, MODULE, PYTHON, TEMPORARY
from .postgres import query
from .ready import ensure_ready, require_addon

LEAST_ENGINE_BRANCHES = 95.0
LEAST_OVERALL = 90.0
_MEASURED = TEMPORARY / "measured.json"
# The engine's tests try some texts as formulas, in the suite a hundred thousand.
_ALL_TEXTS = {"POINTS_FUZZ_WHOLE": "1"}
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
journal = env["account.journal"].create(
    {"name": "Points Invoiced", "type": "bank", "code": "PTSI"}
)
lines = journal.inbound_payment_method_line_ids
lines.payment_account_id = journal.default_account_id
journal.points_program_id = program
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
    "a journal that paid with points": "SELECT FROM account_journal"
    " WHERE active AND name->>'en_US' = 'Points Invoiced'",
    "a sequence of points": "SELECT FROM ir_sequence WHERE code = 'points.document'",
    "a table": "SELECT FROM pg_tables WHERE tablename LIKE 'points\\_%'",
    "a model": "SELECT FROM ir_model WHERE model LIKE 'points.%'",
    "a scheduled action": "SELECT FROM ir_act_server WHERE code LIKE 'model.\\_cron%'"
    " AND name->>'en_US' LIKE 'Customer Points%'",
}
# Tests of the add-on by itself, and of invoices, which Odoo's loyalty leaves alone:
# whatever else Odoo sells does not matter to them.
_INWARD = (
    "accessible_screens",
    "attack_matrix",
    "balance_curve",
    "category_*",
    "concurrency",
    "conformance",
    "customer_reports",
    "daily_totals",
    "draft_credits",
    "engine_*",
    "ledger_report",
    "outstanding",
    "overview",
    "partner_merge",
    "performance",
    "points_adjustments",
    "points_allocation",
    "points_analysis",
    "points_check",
    "points_copy",
    "points_deferral",
    "points_figures",
    "points_form",
    "points_formula*",
    "points_payments*",
    "points_program_start",
    "points_promises",
    "points_report",
    "points_review",
    "points_rule*",
    "points_settings",
    "points_tables",
    "points_targets",
    "points_template",
    "points_transfer",
    "print_parts",
    "random_life",
    "rpc_surface",
    "sales_queries",
    "texts",
)
_SKIPPED = re.compile(rf"odoo\.addons\.{MODULE}\.tests\.\w+: skipped (.*)")


def run_suite() -> int:
    """Run everything with every gate."""
    require_addon()
    ensure_ready(browser=True)
    template = ensure_odoo_template()
    with temporary_databases(template, sharing.SHARES) as databases:
        verdicts = [
            _run_files(databases, sharing.test_files(), sharing.SUITE, measured=True),
            _check_every_file_ran(),
            _check_coverage(),
            _check_update_and_uninstall(*databases),
        ]
    return _conclude(verdicts)


def run_tagged(tags: str, more=()) -> int:
    """Run the tests that a selector of Odoo's runner names."""
    require_addon()
    ensure_ready(browser=True)
    with temporary_database(ensure_odoo_template()) as database:
        say(f"Installing the add-on and running the tests {tags}")
        command = _command(database, tags)
        ended = run_odoo("tests", command, extra_environment=more)
        return _conclude([_judge(*ended)])


def run_beside_loyalty() -> int:
    """Run the tests beside Odoo's loyalty modules, then a module that extends ours.

    Tours are left out, and what looks at the add-on alone.
    """
    left_out = set(sharing.test_files("test_*tours.py"))
    for name in _INWARD:
        left_out.update(sharing.test_files(f"test_{name}.py"))
    files = [file for file in sharing.test_files() if file not in left_out]
    return _run_beside(LOYALTY_MODULES, files, sharing.BESIDE_LOYALTY, EXAMPLE)


def run_beside_pos() -> int:
    """Run the register's tours with all that Odoo has for the Point of Sale.

    Left out is what two registers do at once, which is between them and the server, and
    what measures our own panels.
    """
    files = set(sharing.test_files("test_register_*tours.py"))
    for name in ("shared", "one_tap"):
        files -= set(sharing.test_files(f"test_register_{name}_tours.py"))
    return _run_beside(POS_MODULES, sorted(files), sharing.BESIDE_POS)


def run_lives(arguments) -> int:
    """Run long random lives of a shop: seeds 1 to 10, 2,000 events each, or as told.

    :param arguments: the number of events, then seeds
    """
    events, *seeds = arguments or ["2000"]
    variables = {
        "POINTS_LIFE_EVENTS": events,
        "POINTS_LIFE_SEEDS": ",".join(seeds or map(str, range(1, 11))),
    }
    return run_tagged(f"/{MODULE}:TestRandomLife", variables)


def run_sales_lives(arguments) -> int:
    """Run random lives of sales orders: 300, each suite's run has 30, or as told.

    :param arguments: the number of lives
    """
    lives, *_rest = arguments or ["300"]
    return run_tagged(f"/{MODULE}:TestSalesLife", {"POINTS_SALES_LIVES": lives})


def _run_beside(modules, files, run_name, example=None) -> int:
    """Run test files where other modules are installed as well.

    :param run_name: what this run is called where files are shared out
    :param example: a module that is installed afterwards, and tested
    """
    require_addon()
    ensure_ready(browser=True)
    template = ensure_odoo_template(modules)
    with temporary_databases(template, sharing.SHARES) as databases:
        verdicts = [_run_files(databases, files, run_name)]
        if example:
            say(f"Installing and testing {example}")
            command = _command(databases[0], f"/{example}", module=example)
            verdicts.append(_judge(*run_odoo("tests", command)))
        return _conclude(verdicts)


def _run_files(databases, files, run_name, measured=False) -> bool:
    """Install the add-on and run a share of the test files in each database, at once.

    Print what went wrong.
    """
    say(f"Installing the add-on and running {len(files)} test files")
    commands = [
        _command(database, sharing.selector(share), _part(number) if measured else None)
        for number, (database, share) in enumerate(
            zip(databases, sharing.shares(files, run_name), strict=True)
        )
    ]
    names = [log.stem for log in sharing.logs(run_name)]
    run_share = partial(run_odoo, extra_environment=_ALL_TEXTS)
    with ThreadPoolExecutor(len(commands)) as pool:
        ended = list(pool.map(run_share, names, commands))
    # Not in the threads: what each of them prints stays together.
    return all([_judge(*end) for end in ended])


def _command(database: str, tags: str, data_file=None, module=MODULE) -> list:
    """Return what installs a module and runs tests.

    :param data_file: where to write down what ran of the code
    """
    command = odoo_command(
        *("-c", CONFIG, "-d", database, "-i", module, "--test-tags", tags),
        *("--stop-after-init", "--http-port", free_port(), "--max-cron-threads=0"),
    )
    if data_file:
        data_file.unlink(missing_ok=True)
        command[1:3] = [DEV / "ground" / "measured_odoo.py", data_file]
    return command


def _part(number: int) -> Path:
    """Return where a process writes down what ran of the code."""
    return _MEASURED.with_suffix(f".{number}.json")


def _judge(code: int, log: Path) -> bool:
    """Print what went wrong in a run of tests; tell whether nothing did."""
    text = log.read_text(errors="replace")
    skipped = _SKIPPED.findall(text)
    count = len(sharing.STARTED.findall(text)) - len(skipped)
    for reason in skipped:
        say(f"  skipped: {reason}")
    say(f"{count} tests ran in {sharing.duration(log)} s (log: {log})")
    unexpected = report_unexpected(log)
    if code and not unexpected:
        print(tail(log))
    if not count:
        print("No test was found.")
    return not code and not unexpected and count > 0


def _check_every_file_ran() -> bool:
    """Find test files that nobody runs: tests/__init__.py must import each."""
    logs = sharing.logs(sharing.SUITE)
    started = [sharing.STARTED.findall(log.read_text()) for log in logs]
    modules = {module for tests in started for module, _test in tests}
    forgotten = sorted({file.stem for file in sharing.test_files()} - modules)
    for name in forgotten:
        print(f"No test of tests/{name}.py ran. Does tests/__init__.py import it?")
    return not forgotten


def _check_coverage() -> bool:
    """Print the coverage and compare it with what is asked for."""
    parts = [_part(number) for number in range(sharing.SHARES)]
    merge = [PYTHON, "-m", "slipcover", "--branch", "--json", "--skip-covered"]
    merge += ["--out", _MEASURED, "--merge", *parts]
    print(run(merge, cwd=CHECKOUT, env=python_environment()).stdout)
    measured = json.loads(_MEASURED.read_text())
    engine = _branch_percentage(measured["files"])
    overall = measured["summary"]["percent_covered"]
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
    covered = sum(summary["covered_branches"] for summary in summaries)
    branches = covered + sum(summary["missing_branches"] for summary in summaries)
    return 100.0 * covered / branches if branches else 100.0


def _check_update_and_uninstall(updated: str, uninstalled: str) -> bool:
    """Update the add-on in one database, uninstall it in another, at once."""
    with ThreadPoolExecutor(1) as pool:
        update = pool.submit(_update, updated)
        is_uninstalled = _check_uninstall(uninstalled)
    code, log = update.result()
    return not report_unexpected(log) and not code and is_uninstalled


def _update(database: str):
    """Update the add-on; return the exit code and the log: it must hold nothing."""
    say("Updating the add-on")
    command = odoo_command("-c", CONFIG, "-d", database, "-u", MODULE)
    return run_odoo(
        "update", [*command, "--stop-after-init", "--no-http", "--max-cron-threads=0"]
    )


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
