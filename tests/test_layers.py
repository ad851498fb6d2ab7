"""Imports run down only, siblings do not know each other, and each third-party name lives where it may."""

import re
import sys
import tomllib
from pathlib import Path

from tests.source_tree import PACKAGE, PURE_MODULES, PURE_PACKAGES, ROOT, Import, imports_of, part_of, python_files

LAYERS: tuple[tuple[str, ...], ...] = (
    ("errors", "__init__"),
    ("ids",),
    ("screen", "tmux", "access", "agents", "delegation", "audit"),
    ("wire", "sync"),
    ("runtime", "store"),
    ("web",),
    ("server",),
    ("cli",),
    ("__main__",),
)
"""From the ground up. A part may import what stands below its own line; beside it, nothing."""

IMPURE = frozenset(
    {
        *("trio", "anyio", "asyncio", "threading", "multiprocessing", "concurrent", "subprocess", "signal", "select"),
        *("os", "io", "pathlib", "shutil", "tempfile", "glob", "fcntl", "pty", "termios", "sqlite3", "platform", "sys"),
        *("socket", "ssl", "http", "urllib.request", "httpx", "quart", "hypercorn", "trio_websocket", "getpass"),
        *("time", "random", "secrets", "uuid", "logging", "structlog", "warnings", "locale", "importlib"),
    }
)
"""Clock, files, chance, environment, event loop, log: what no layer below `runtime` may touch."""

PURE_AFTER_ALL: dict[tuple[str, str], str] = {
    ("access", "http"): "HTTPStatus and the cookie grammar are tables, not a connection",
}
"""Exceptions to `IMPURE`, each with its reason."""

THIRD_PARTY: dict[str, tuple[str, ...]] = {
    "click": ("cli",),
    "cryptography": ("access/token.py", "store/issuer_key.py"),
    "httpx": ("cli/daemon.py",),
    "hypercorn": ("web/listener.py", "web/containment.py"),
    "jwt": ("access/token.py",),
    "libtmux": ("runtime/tmux_server.py",),
    "mcp": ("web/mcp_server.py",),
    "mcp_types": ("web/mcp_server.py",),
    "msgspec": ("wire", "runtime", "web"),
    "platformdirs": ("store/state_directory.py", "runtime/profile_library.py"),
    "prometheus_client": ("web/metrics_routes.py",),
    "psutil": (
        "runtime/agent_memory.py",
        "runtime/process_group.py",
    ),
    "ptyprocess": ("runtime/spawner.py",),
    "pydantic": ("web",),
    "pydantic_core": ("web",),
    "pyte": ("screen/surface.py", "screen/emulator.py"),
    "quart": ("web/app.py",),
    "quart_trio": ("web/app.py",),
    "structlog": ("runtime", "store", "web", "server.py"),
    "trio": ("runtime", "store", "web", "server.py"),
    "trio_websocket": ("web", "server.py"),
    "werkzeug": ("web/app.py",),
    "wcwidth": ("screen/width.py",),
    "wsproto": ("web/websocket.py",),
}
"""Where each third-party name may be imported: files, or whole parts of the house."""

DISTRIBUTIONS = {"jwt": "pyjwt", "mcp_types": "mcp", "werkzeug": "quart", "pydantic_core": "pydantic"}
"""Import names whose distribution has another name or comes with another one that is declared."""

UNIMPORTED = {
    "h11": "hypercorn and wsproto read requests with it; the request fence was written for this version's rules",
}
"""Declared although nothing here imports them, each with its reason."""

SOURCES = python_files("orchestra")


DOORS = frozenset(PURE_PACKAGES)
"""Packages that are entered through their `__init__` only; parts of the others load much and are imported by name."""


def _own_imports(path: Path) -> list[Import]:
    """Return the imports of our own modules."""
    return [found for found in imports_of(path) if found.module.split(".")[0] == "orchestra"]


def _layer_of(part: str) -> int:
    """Return the place of a part in `LAYERS`, from the ground up."""
    return next(number for number, parts in enumerate(LAYERS) if part in parts)


def _target_of(found: Import) -> str:
    """Return the part of the house that one of our own imports asks for."""
    names = found.module.split(".")
    return names[1] if len(names) > 1 else "__init__"


def test_every_part_has_a_place() -> None:
    """Every package and every top-level module stands in exactly one layer."""
    places = [part for parts in LAYERS for part in parts]
    assert len(places) == len(set(places))
    assert {part_of(path) for path in SOURCES} <= set(places)


def test_imports_run_down() -> None:
    """A file imports its own part, or parts of lower layers; parts of one layer do not know each other."""
    breaches = [
        str(found)
        for path in SOURCES
        for found in _own_imports(path)
        if _target_of(found) != part_of(path) and _layer_of(_target_of(found)) >= _layer_of(part_of(path))
    ]
    assert breaches == []


def test_pure_packages_are_entered_through_their_door() -> None:
    """From another package only what the `__init__` of a pure package offers is used."""
    breaches = [
        str(found)
        for path in SOURCES
        for found in _own_imports(path)
        if _target_of(found) in DOORS - {part_of(path)} and found.module.count(".") > 1
    ]
    assert breaches == []


def test_pure_layers_touch_nothing() -> None:
    """Below `runtime` nothing imports a clock, a file, chance, the environment, an event loop or a log."""
    breaches = [
        str(found)
        for path in SOURCES
        if part_of(path) in {*PURE_PACKAGES, *PURE_MODULES}
        for found in imports_of(path)
        if not IMPURE.isdisjoint({found.module, found.module.split(".")[0]})
        and (part_of(path), found.module) not in PURE_AFTER_ALL
    ]
    assert breaches == []


def test_third_party_names_stay_where_they_may() -> None:
    """Each library is imported in the files that the table names, so that each can be replaced there."""
    breaches = [
        str(found)
        for path in SOURCES
        for found in imports_of(path)
        if (name := found.module.split(".")[0]) not in sys.stdlib_module_names
        and name != "orchestra"
        and not any(_is_within(path, place) for place in THIRD_PARTY.get(name, ()))
    ]
    assert breaches == []


def _is_within(path: Path, place: str) -> bool:
    """Tell whether a source file is the one, or in the folder, that `place` names."""
    return path == PACKAGE / place or path.is_relative_to(PACKAGE / place)


def test_dependencies_are_declared_and_used() -> None:
    """What is imported is declared in pyproject.toml, and what is declared is imported or has its reason."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {re.split(r"[<>=!~\[ ]", line)[0].lower() for line in project["dependencies"]}
    imported = {found.module.split(".")[0] for path in SOURCES for found in imports_of(path)}
    used = {DISTRIBUTIONS.get(name, name).replace("_", "-") for name in imported if name in THIRD_PARTY}
    assert used - declared == set()
    assert declared - used == set(UNIMPORTED)
