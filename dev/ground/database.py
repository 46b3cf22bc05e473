"""Databases: prepared templates, copies of them, and their files.

Installing Odoo's modules takes most of a minute, copying a database half a
second. So there are two kinds of templates: one with Odoo's modules only, and,
made from it, one with the add-on too. A template's name ends in a hash of what
decides its contents; when that changes, a new one is made.
"""

import ast
import contextlib
import hashlib
import os
import re
import shutil
from pathlib import Path

from .console import GroundError, say
from .locking import exclusive
from .logscan import unexpected_records
from .odoo_process import odoo_command, run_odoo, tail
from .odoo_source import odoo_version
from .places import CHECKOUT, CONFIG, DATA_DIR, MODULE
from .postgres import query

PREFIX = "cp_"
# Counted up when templates are built in another way than before.
_RECIPE = "2"
# Before the process id of the command that a database was made for.
_RUN = f"{PREFIX}run_"
# What the add-on works with, whether or not it depends on it.
ODOO_MODULES = (
    "point_of_sale",
    "pos_sale",
    "sale_management",
    "stock_dropshipping",
)
LOYALTY_MODULES = (
    "delivery",
    "loyalty",
    "pos_loyalty",
    "sale_loyalty",
    "sale_loyalty_delivery",
)
# What changes the register as well, and comes with Odoo.
POS_MODULES = (
    *LOYALTY_MODULES,
    "pos_discount",
    "pos_hr",
    "pos_restaurant",
    "pos_self_order",
)

# A change of these needs no update of the database: they are read at run time.
_READ_AT_RUN_TIME = {
    *("tests", "engine", "redemption", "wording", "checks"),
    *("static", "i18n", "readme", "dev", "demo"),
}
_DECIDES_CONTENT = {".py", ".xml", ".csv", ".sql"}


def ensure_odoo_template(modules=(), demo=False) -> str:
    """Return the name of a template with Odoo's modules, without the add-on.

    :param modules: what to install beside ODOO_MODULES.
    """
    base = ensure_odoo_template(demo=demo) if modules else None
    wanted = sorted({*ODOO_MODULES, *modules, *_manifest().get("depends", [])})
    key = _hash(_RECIPE, odoo_version(), *wanted)
    purpose = _purpose("odoo", modules, demo)
    return _ensure_template(purpose, key, base, wanted, demo)


def ensure_addon_template(modules=(), demo=False) -> str:
    """Return the name of a template that has the add-on installed as well."""
    base = ensure_odoo_template(modules, demo)
    key = _hash(base, addon_fingerprint(demo))
    purpose = _purpose("addon", modules, demo)
    return _ensure_template(purpose, key, base, [MODULE], demo)


def addon_fingerprint(demo=False) -> str:
    """Return a hash of the add-on's files that end up in the database."""
    skipped = _READ_AT_RUN_TIME - ({"demo"} if demo else set())
    digest = hashlib.sha256()
    for folder, subfolders, files in os.walk(CHECKOUT):
        subfolders[:] = sorted(
            name
            for name in subfolders
            if not name.startswith((".", "__"))
            and (Path(folder) != CHECKOUT or name not in skipped)
            and name != "node_modules"
        )
        for name in sorted(files):
            path = Path(folder, name)
            if path.suffix in _DECIDES_CONTENT:
                digest.update(f"{path.relative_to(CHECKOUT)}\0".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def create_database(name: str, template: str, durable=False) -> None:
    """Make a database (and its files) as a copy of a template.

    :param durable: wait for the disk at each commit, as in production; what a
        test or a try-out writes need not survive a power cut.
    """
    drop_database(name)
    with exclusive("databases"):
        query(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    if not durable:
        query(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    if _files(template).exists():
        # Stored files never change, so that both may share them.
        shutil.copytree(_files(template), _files(name), copy_function=os.link)


def drop_database(name: str) -> None:
    """Remove a database and its files, if they exist."""
    query(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    shutil.rmtree(_files(name), ignore_errors=True)


@contextlib.contextmanager
def temporary_database(template: str, durable=False):
    """Provide a copy of a template for as long as a block runs."""
    with temporary_databases(template, 1, durable) as [name]:
        yield name


@contextlib.contextmanager
def temporary_databases(template: str, count: int, durable=False):
    """Provide several copies of a template for as long as a block runs."""
    _drop_leftovers()
    names = [f"{_RUN}{os.getpid()}_{number}" for number in range(1, count + 1)]
    try:
        for name in names:
            create_database(name, template, durable)
        yield names
    finally:
        for name in names:
            drop_database(name)


def _drop_leftovers() -> None:
    """Remove what commands left behind that were killed."""
    for name in database_names():
        pid = name.removeprefix(_RUN).partition("_")[0]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            drop_database(name)


def database_names() -> list:
    """Return the names of all databases that these commands made."""
    pattern = PREFIX.replace("_", r"\_") + "%"
    return query(f"SELECT datname FROM pg_database WHERE datname LIKE '{pattern}'")


def _ensure_template(purpose, key, base, modules, demo) -> str:
    """Return the template's name; build it first when it does not exist."""
    name = f"{PREFIX}{purpose}_{key}"
    with exclusive(f"template-{purpose}"):
        if name in database_names():
            return name
        for outdated in database_names():
            if re.fullmatch(f"{PREFIX}{purpose}_[0-9a-f]{{10}}.*", outdated):
                drop_database(outdated)
        say(f"Preparing the template database {name} (once): {', '.join(modules)}")
        unfinished = f"{name}_unfinished"
        _build(unfinished, base, modules, demo)
        _rename(unfinished, name)
    return name


def _build(name, base, modules, demo) -> None:
    """Install modules in a new database and check that all arrived."""
    if base:
        create_database(name, base)
    else:
        drop_database(name)
    demo_option = "--with-demo" if demo else "--without-demo=1"
    code, log = run_odoo(
        f"template-{name}",
        odoo_command("-c", CONFIG, "-d", name, "-i", ",".join(modules), demo_option)
        + ["--stop-after-init", "--no-http", "--max-cron-threads=0"],
    )
    installed = query("SELECT name FROM ir_module_module WHERE state='installed'", name)
    missing = sorted(set(modules) - set(installed))
    if code or missing:
        raise GroundError(
            f"{tail(log)}\n\nInstalling {', '.join(missing or modules)} failed; "
            f"the whole log: {log}"
        )
    if not base:
        _warm_assets(name)
    elif unexpected_records(log):
        # Odoo goes on without demo data that cannot be loaded, with a WARNING.
        raise GroundError(
            f"{unexpected_records(log)[0]}\n\nInstalling {', '.join(modules)} left a "
            f"WARNING; the whole log: {log}"
        )


def _warm_assets(name: str) -> None:
    """Let Odoo build its JavaScript and CSS once instead of in each test run."""
    say("  building Odoo's JavaScript and CSS bundles")
    run_odoo(
        f"assets-{name}",
        odoo_command("shell", "-c", CONFIG, "-d", name, "--no-http"),
        script="env['ir.qweb']._pregenerate_assets_bundles(); env.cr.commit()\n",
    )


def _rename(old: str, new: str) -> None:
    """Give a finished template its name."""
    query(f'ALTER DATABASE "{old}" RENAME TO "{new}"')
    if _files(old).exists():
        shutil.rmtree(_files(new), ignore_errors=True)
        _files(old).rename(_files(new))


def _files(name: str) -> Path:
    """Return the folder with a database's stored files."""
    return DATA_DIR / "filestore" / name


def _purpose(kind: str, modules, demo: bool) -> str:
    """Return the readable part of a template's name."""
    extra = "".join(f"_{name}" for name in sorted(modules))
    return f"{kind}{'_demo' if demo else ''}{_hash(extra)[:4] if extra else ''}"


def _manifest() -> dict:
    """Return the add-on's manifest, or an empty one before it exists."""
    path = CHECKOUT / "__manifest__.py"
    return ast.literal_eval(path.read_text()) if path.exists() else {}


def _hash(*parts: str) -> str:
    """Return a short hash of several texts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:10]
