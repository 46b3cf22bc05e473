"""Bring Odoo's source: ODOO_HOME, else ODOO_DEB, else Debian's package.

Debian ships Odoo 19 in the suite `sid` only. It is fetched through an apt
configuration of our own, so that the machine's package lists stay as they are.
The package links to fonts and JavaScript of other packages by relative paths;
those are unpacked beside it from the machine's own release.
"""

import contextlib
import functools
import os
import re
import shutil
from pathlib import Path

from .console import GroundError, run, say
from .machine import ensure_disk, update_lists
from .places import APT, UNPACKED, odoo_home

PACKAGE = "odoo-19"
COMPANIONS = (
    "fonts-font-awesome",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
)
# Listed in web.assets_backend, but left out of Debian's package: without it
# every page of the backend logs an error in the browser.
ABSENT_ASSETS = ("mail/static/lib/selfie_segmentation/selfie_segmentation.js",)
DISK_GIGABYTES = 6
_HINT = (
    f"Debian's registry does not offer {PACKAGE} (or does not answer). Set "
    "ODOO_DEB to a package file or ODOO_HOME to a folder that holds odoo/."
)


def ensure_odoo() -> None:
    """Provide Odoo's source, unpacking it when that was not done yet."""
    if os.environ.get("ODOO_HOME"):
        if not (odoo_home() / "odoo" / "release.py").exists():
            raise GroundError("ODOO_HOME must name a folder that holds odoo/.")
        return
    stamp = UNPACKED / ".complete"
    given = _given_package()
    if stamp.exists() and (not given or stamp.read_text() == f"{given.name}\n"):
        return
    ensure_disk(DISK_GIGABYTES)
    shutil.rmtree(UNPACKED, ignore_errors=True)
    UNPACKED.mkdir(parents=True)
    package = given or _fetch_from_sid()
    say(f"Unpacking {package.name}")
    run(["dpkg-deb", "--extract", package, UNPACKED])
    for companion in _fetch_companions():
        run(["dpkg-deb", "--extract", companion, UNPACKED])
    _fill_absent_assets()
    _check_links()
    stamp.write_text(f"{package.name}\n")


def odoo_version() -> str:
    """Return what decides whether a database fits this source."""
    release = (odoo_home() / "odoo" / "release.py").read_text()
    stamp = UNPACKED / ".complete"
    given = os.environ.get("ODOO_HOME")
    return release + (given or stamp.read_text())


def _given_package():
    """Return the file named by ODOO_DEB, if any."""
    given = os.environ.get("ODOO_DEB")
    if not given:
        return None
    package = Path(given)
    if not package.is_file():
        raise GroundError(f"ODOO_DEB names no file: {given}")
    return package


def _fetch_from_sid() -> Path:
    """Download Debian's package through a private apt configuration."""
    say(f"Looking for {PACKAGE} in Debian's suite sid")
    options = _sid_options()
    say(f"Downloading {PACKAGE} (about 120 MB)")
    return _download(PACKAGE, options)


def _fetch_companions() -> list:
    """Download the companions: the machine's own release first, then sid.

    The machine's package lists are only renewed (which needs root) when they do
    not do. A font that nobody offers is left out: pages show another one.
    """
    say("Downloading its fonts and JavaScript libraries")
    found = []
    for name in COMPANIONS:
        for options in (list, _renewed_lists, _sid_options):
            with contextlib.suppress(GroundError):
                found.append(_download(name, options()))
                break
        else:
            say(f"  {name} is not offered; going on without it")
    return found


def _renewed_lists() -> list:
    """Renew the machine's package lists; its own apt needs no options."""
    update_lists()
    return []


def _download(package: str, options: list) -> Path:
    """Download one package into our own folder and return the file."""
    folder = APT / "packages"
    folder.mkdir(parents=True, exist_ok=True)
    run(["apt-get", *options, "--quiet", "download", package], cwd=folder, hint=_HINT)
    return max(folder.glob(f"{package}_*.deb"), key=lambda file: file.stat().st_mtime)


@functools.lru_cache
def _sid_options() -> list:
    """Return apt options that know one source: sid, on the machine's mirror."""
    mirror, signed_by = _machine_mirror()
    lists = APT / "lists"
    (lists / "partial").mkdir(parents=True, exist_ok=True)
    (APT / "cache" / "archives" / "partial").mkdir(parents=True, exist_ok=True)
    signature = f" [signed-by={signed_by}]" if signed_by else ""
    sources = APT / "sources.list"
    sources.write_text(f"deb{signature} {mirror} sid main\n")
    settings = {
        "Dir::Etc::SourceList": sources,
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::Etc::Preferences": "/dev/null",
        "Dir::Etc::PreferencesParts": "/dev/null",
        "Dir::State::Lists": lists,
        "Dir::Cache": APT / "cache",
        "APT::Sandbox::User": "",
        "Acquire::Languages": "none",
    }
    options = [
        part for key, value in settings.items() for part in ("-o", f"{key}={value}")
    ]
    run(["apt-get", *options, "--quiet", "update"], hint=_HINT)
    return options


def _machine_mirror():
    """Return the address (and keyring) the machine itself gets Debian from.

    It is the source that offers `main` of the release the machine runs.
    """
    codename = _release_codename()
    names = {codename, "stable"}
    for address, suites, components, signed_by in _machine_sources():
        if names & set(suites) and "main" in components:
            return address, signed_by
    raise GroundError(
        f"apt's sources name no mirror for Debian's '{codename}' main. Set "
        "ODOO_DEB to a package file or ODOO_HOME to a folder that holds odoo/."
    )


def _release_codename() -> str:
    """Return the codename of the machine's Debian release."""
    release = Path("/etc/os-release").read_text()
    found = re.search(r'^VERSION_CODENAME="?(\w+)', release, re.MULTILINE)
    return found.group(1) if found else "stable"


def _machine_sources():
    """Yield (address, suites, components, keyring) of apt's binary sources."""
    folder = Path("/etc/apt")
    for path in [folder / "sources.list", *sorted(folder.glob("sources.list.d/*"))]:
        if path.suffix == ".list" and path.exists():
            yield from _one_line_sources(path.read_text())
        elif path.suffix == ".sources":
            yield from _deb822_sources(path.read_text())


def _one_line_sources(text: str):
    """Yield the sources of a file in apt's one-line style."""
    pattern = re.compile(
        r"^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.+?)\s*$", re.M
    )
    for options, address, suite, components in pattern.findall(text):
        key = re.search(r"signed-by=(\S+)", options)
        yield address, [suite], components.split(), key.group(1) if key else ""


def _deb822_sources(text: str):
    """Yield the sources of a file in apt's deb822 style."""
    for stanza in re.split(r"\n\s*\n", text):
        lines = [line for line in stanza.splitlines() if not line.startswith("#")]
        fields = dict(re.findall(r"^([\w-]+):[ \t]*(.*)$", "\n".join(lines), re.M))
        if (
            "deb" not in fields.get("Types", "").split()
            or fields.get("Enabled") == "no"
        ):
            continue
        signed_by = fields.get("Signed-By", "")
        yield (
            fields["URIs"].split()[0],
            fields.get("Suites", "").split(),
            fields.get("Components", "").split(),
            signed_by if signed_by.startswith("/") else "",
        )


def _fill_absent_assets() -> None:
    """Put an empty file where the package lacks a listed asset."""
    for asset in ABSENT_ASSETS:
        file = odoo_home() / "odoo" / "addons" / asset
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()


def _check_links() -> None:
    """Fail when a link to JavaScript leads nowhere; drop a missing font's."""
    for path in (odoo_home() / "odoo").rglob("*"):
        if not path.is_symlink() or path.exists():
            continue
        if path.suffix == ".js":
            raise GroundError(f"A link of the unpacked Odoo leads nowhere: {path}")
        path.unlink()
