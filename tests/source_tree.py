"""The source tree as the structure tests see it: files, their syntax and their imports; nothing is imported or run."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "orchestra"
PURE_PACKAGES = ("screen", "tmux", "access", "agents", "delegation", "audit", "wire", "sync")
PURE_MODULES = ("errors", "ids")


@dataclass(frozen=True, slots=True)
class Import:
    """One imported module: by which file, in which line, by its full dotted name."""

    path: Path
    line: int
    module: str

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line} imports {self.module}"


def python_files(*folders: str) -> list[Path]:
    """Return every Python file below the given folders of the repository, in order."""
    return sorted(
        path for folder in folders for path in (ROOT / folder).rglob("*.py") if "node_modules" not in path.parts
    )


@cache
def syntax_of(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text("utf-8"), str(path))


def imports_of(path: Path) -> Iterator[Import]:
    """Yield every import of a file, also those inside functions; `from a import b` is `a.b` where that is a module."""
    for node in ast.walk(syntax_of(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(path, node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, f"{path}:{node.lineno}: imports say the whole name"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield Import(path, node.lineno, whole if _is_module(whole) else node.module)


def _is_module(name: str) -> bool:
    """Tell whether a dotted name below `orchestra` is a file or a folder rather than a name inside a file."""
    place = ROOT.joinpath(*name.split("."))
    return place.is_dir() or place.with_suffix(".py").is_file()


def part_of(path: Path) -> str:
    """Return the part of the house that a source file belongs to: a package's name, or a top-level module's."""
    relative = path.relative_to(PACKAGE)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


@cache
def tracked_files() -> tuple[Path, ...]:
    """Return every file that git tracks, or, outside a checkout, every source file that is there."""
    asked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if asked.returncode:
        return tuple(python_files("orchestra", "building", "tests", "bench"))
    names = asked.stdout.decode().split("\0")
    return tuple(path for name in names if name and (path := ROOT / name).is_file())
