"""The `__init__` of a package is its door: it lists what others may use, and offers only what is there."""

import ast
import importlib
from pathlib import Path

from tests.source_tree import PURE_PACKAGES, ROOT, python_files, syntax_of

DOORS = [path for path in python_files("orchestra") if path.name == "__init__.py"]
SOURCES = [path for path in python_files("orchestra", "building") if path.name not in {"__init__.py", "__main__.py"}]
OPEN_DOORS = {
    "orchestra.runtime": "its parts load much; each is imported by its own name",
    "orchestra.store": "the same",
    "building": "each part is a program",
}
"""Packages whose door lists nothing, each with its reason."""


def test_a_door_lists_what_it_offers() -> None:
    """Every package has `__all__` in which each name exists once."""
    for path in DOORS:
        name = ".".join(path.parent.relative_to(ROOT).parts)
        if name in OPEN_DOORS:
            continue
        module = importlib.import_module(name)
        assert len(set(module.__all__)) == len(module.__all__), name
        assert [missing for missing in module.__all__ if not hasattr(module, missing)] == [], name


def test_a_pure_door_forgets_nothing() -> None:
    """What the door of a pure package takes in from its own files it also offers."""
    for package in PURE_PACKAGES:
        module = importlib.import_module(f"orchestra.{package}")
        taken = {
            alias.asname or alias.name
            for node in syntax_of(ROOT / "orchestra" / package / "__init__.py").body
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        assert taken <= set(module.__all__), package


def test_a_file_says_what_it_offers() -> None:
    """Every file lists its public names, and each of them is defined there."""
    for path in SOURCES:
        listed = _listed(path)
        assert listed is not None, f"{path} has no __all__"
        defined = {name for node in syntax_of(path).body for name in _defined(node)}
        assert [name for name in listed if name not in defined] == [], path


def _listed(path: Path) -> list[str] | None:
    """Return the value of `__all__`, or None where a file has none."""
    for node in syntax_of(path).body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets):
            return [str(name) for name in ast.literal_eval(node.value)]
    return None


def _defined(node: ast.stmt) -> list[str]:
    """Return the names that a top-level statement gives to the module."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    if isinstance(node, ast.ImportFrom | ast.Import):
        return [alias.asname or alias.name for alias in node.names]
    return []
