"""All checks that need no test: format, style, traps, fresh documents."""

import subprocess
from pathlib import Path

from . import documents, javascript
from .addon_links import addon_entries
from .console import say
from .odoo_process import python_environment
from .places import CHECKOUT, DEV, LINKED_ADDON, VENV
from .ready import ensure_ready, require_addon

# Made by others or by a program.
_FOREIGN = ("static/lib/",)
_LINKED = LINKED_ADDON.relative_to(CHECKOUT)


def lint(fix: bool) -> int:
    """Run every check, even after one has failed; return the exit code."""
    require_addon()
    ensure_ready()
    javascript.ensure_node_modules()
    verdicts = [
        _announced("README.rst", documents.check_readme, fix),
        _announced("translations", documents.check_translations, fix),
        *(_run(name, command) for name, command in _commands(fix)),
    ]
    good = all(verdicts)
    say("No complaints." if good else "There are complaints; see above.")
    return 0 if good else 1


def _commands(fix: bool) -> list:
    """Return (name, command) of each linter that has something to read."""
    scripts = [*_files("*.js"), *_tooling_scripts()]
    commands = [
        ("ruff check", _ruff("check", ["--fix"] if fix else [])),
        ("ruff format", _ruff("format", [] if fix else ["--diff"])),
        ("eslint", javascript.eslint(scripts, fix)),
        ("prettier", javascript.prettier([*scripts, *_files("*.xml")], fix)),
        ("pylint-odoo", _pylint()),
        ("oca-checks-odoo-module", _oca("oca-checks-odoo-module", [_LINKED], fix)),
    ]
    catalogues = [*_files("*.po"), *_files("*.pot")]
    if catalogues:
        commands.append(("oca-checks-po", _oca("oca-checks-po", catalogues, fix)))
    return commands


def _ruff(verb: str, mode: list) -> list:
    """Return ruff's command for all Python, the workshop's too."""
    config = ["--config", DEV / "ruff.toml"]
    return [VENV / "bin" / "ruff", verb, *config, *mode, ".", *_python_scripts()]


def _pylint() -> list:
    """Return pylint's command; it would not follow links to folders itself."""
    files = [_LINKED / name for name in _files("*.py")]
    return [VENV / "bin" / "pylint", f"--rcfile={DEV / 'pylintrc'}", *files]


def _oca(program: str, targets: list, fix: bool) -> list:
    """Return the command of one of the Odoo community's checkers."""
    return [VENV / "bin" / program, *(["--fix"] if fix else []), *targets]


def _run(name: str, command: list) -> bool:
    """Run one linter and let it print what it finds."""
    say(name)
    done = subprocess.run(
        [str(part) for part in command],
        cwd=CHECKOUT,
        env=python_environment(),
        check=False,
    )
    return done.returncode == 0


def _announced(name: str, check, fix: bool) -> bool:
    """Announce and run one check of our own."""
    say(name)
    return check(fix)


def _files(pattern: str) -> list:
    """Return the add-on's own files of one kind, as seen from the checkout."""
    found = []
    for entry in addon_entries():
        path = CHECKOUT / entry
        matches = path.rglob(pattern) if path.is_dir() else [path]
        found += [
            match.relative_to(CHECKOUT) for match in matches if match.match(pattern)
        ]
    return sorted(path for path in found if not path.as_posix().startswith(_FOREIGN))


def _python_scripts() -> list:
    """Return the commands below dev/: Python without a file extension."""
    return sorted(
        path.relative_to(CHECKOUT)
        for path in DEV.iterdir()
        if path.is_file() and path.read_bytes().startswith(b"#!/usr/bin/env python3")
    )


def _tooling_scripts() -> list:
    """Return the linters' own configuration files."""
    return sorted(Path(path).relative_to(CHECKOUT) for path in DEV.glob("*.mjs"))
