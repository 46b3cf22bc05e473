"""The add-on as a Python package, for people who have an Odoo already.

The build backend takes the package's name from the folder and packs whatever
lies in it. The checkout may have any name and holds the workshop too, so the
package is built from a copy of the add-on's own files.
"""

import shutil
import zipfile
from pathlib import Path

from .addon_links import addon_entries
from .console import GroundError, run, say
from .database import ensure_odoo_template, temporary_database
from .logscan import report_unexpected
from .odoo_process import odoo_command, python_environment, run_odoo
from .places import CHECKOUT, CONFIG, GROUND, MODULE, PYTHON, TEMPORARY, odoo_home
from .postgres import query
from .ready import ensure_python, ensure_ready, require_addon
from .venv import create_venv, site_packages

DISTRIBUTIONS = CHECKOUT / "dist"
_SECOND_VENV = GROUND / "venv-package"


def build_wheel() -> Path:
    """Build the package into dist/ and return the file."""
    require_addon()
    ensure_python()
    staging = TEMPORARY / "package" / MODULE
    shutil.rmtree(staging.parent, ignore_errors=True)
    staging.mkdir(parents=True)
    for name in [*addon_entries(), "pyproject.toml"]:
        source, target = CHECKOUT / name, staging / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", ".*")
            shutil.copytree(source, target, ignore=ignored)
        else:
            shutil.copyfile(source, target)
    shutil.rmtree(DISTRIBUTIONS, ignore_errors=True)
    say("Building the package")
    run(
        [PYTHON, "-m", "build", "--wheel", "--no-isolation"]
        + ["--outdir", DISTRIBUTIONS, staging],
        # The backend must not look at the checkout's own git repository.
        env={**python_environment(), "GIT_CEILING_DIRECTORIES": str(staging.parent)},
    )
    return next(DISTRIBUTIONS.glob("*.whl"))


def test_package() -> int:
    """Install the package into a second environment and use it from there."""
    ensure_ready()
    wheel = build_wheel()
    _check_contents(wheel)
    _install(wheel)
    with temporary_database(ensure_odoo_template()) as database:
        say("Installing the add-on from the package")
        # Without our folder of links: the package is the only place left.
        command = odoo_command(
            *("-c", CONFIG, "--addons-path", odoo_home() / "odoo" / "addons"),
            *("-d", database, "-i", MODULE, "--stop-after-init", "--no-http"),
        )
        command[0] = _SECOND_VENV / "bin" / "python"
        code, log = run_odoo("package", command)
        state = query(
            f"SELECT state FROM ir_module_module WHERE name = '{MODULE}'", database
        )
    unexpected = report_unexpected(log)
    good = not code and not unexpected and state == ["installed"]
    say("The package works." if good else f"FAILED: state {state}, log {log}")
    return 0 if good else 1


def _check_contents(wheel: Path) -> None:
    """Refuse a package that holds anything but the add-on."""
    allowed = {*addon_entries()}
    with zipfile.ZipFile(wheel) as archive:
        names = [Path(name).parts for name in archive.namelist()]
    strange = [
        "/".join(parts)
        for parts in names
        if parts[:3] != ("odoo", "addons", MODULE) or parts[3] not in allowed
        if not parts[0].endswith(".dist-info")
    ]
    if strange or len(names) < len(allowed):
        raise GroundError(f"The package holds what it should not: {strange}")
    say(f"  {wheel.name}: {len(names)} files, {wheel.stat().st_size // 1024} kB")


def _install(wheel: Path) -> None:
    """Put the package into an environment that sees the first one's packages."""
    create_venv(_SECOND_VENV)
    borrowed = site_packages(_SECOND_VENV) / "first-environment.pth"
    borrowed.write_text(f"import site; site.addsitedir({str(site_packages())!r})\n")
    # Odoo itself, which the package names as a requirement, lies beside pip's
    # knowledge.
    run(
        [_SECOND_VENV / "bin" / "python", "-m", "pip", "install", "--quiet"]
        + ["--no-deps", "--no-index", "--disable-pip-version-check", wheel]
    )
