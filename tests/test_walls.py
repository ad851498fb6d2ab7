"""Walls of the house: sizes, names, mirrored tests, and what no file may carry."""

import ast
import re
from pathlib import Path

from tests.source_tree import PACKAGE, ROOT, python_files, syntax_of, tracked_files

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 50
BANNED = frozenset(("utils", "util", "helpers", "helper", "common", "misc", "manager", "handler", "service"))
"""Words that say nothing about the one idea of a file, a class or a function."""

OURS = python_files("orchestra", "building", "bench")
FRONTEND = [
    path
    for path in tracked_files()
    if path.is_relative_to(ROOT / "frontend" / "src") and path.suffix in {".ts", ".tsx"} and ".test." not in path.name
]

NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

WITHOUT_OWN_TEST: dict[str, str] = {
    "__init__.py": "doors are tested by test_doors.py",
    "__main__.py": "one line; every test of the command line runs it",
}
"""Names of source files that need no test of the same name, each with its reason."""

TESTED_THROUGH: dict[str, str] = {
    "errors.py": "tests/test_error_tree.py",
    **dict.fromkeys(
        ("cli/agents.py", "cli/daemon.py", "cli/desktop.py", "cli/doctor.py", "cli/option.py", "cli/screen.py"),
        "tests/end_to_end/test_command_line.py",
    ),
    **dict.fromkeys(("cli/serve.py", "cli/sign_in.py", "server.py"), "tests/end_to_end/test_command_line.py"),
    **dict.fromkeys(("web/agent_routes.py", "web/session_routes.py"), "tests/end_to_end/test_agents.py"),
    "web/viewer_socket.py": "tests/end_to_end/test_watching.py",
    "web/message_routes.py": "tests/end_to_end/test_messages.py",
    **dict.fromkeys(
        (
            *("web/agent_tools.py", "web/every_tool.py", "web/exchange.py", "web/mcp_door.py", "web/mcp_server.py"),
            *("web/task_tools.py", "web/tool.py", "web/result_tool.py"),
        ),
        "tests/end_to_end/test_mcp.py",
    ),
    **dict.fromkeys(
        ("cli/mcp.py", "cli/mcp_call.py", "cli/stdio_bridge.py"),
        "tests/end_to_end/test_stdio_mcp.py",
    ),
    **dict.fromkeys(
        (
            *("delegation/attempt.py", "delegation/change.py", "delegation/task.py"),
            *("runtime/task_book.py", "runtime/task_driver.py", "runtime/task_runner.py"),
            "runtime/ledger.py",
        ),
        "tests/laws/test_law_5_ledger.py",
    ),
    **dict.fromkeys(
        (
            *("runtime/agent_planner.py", "runtime/delegation.py"),
            *("web/report_routes.py", "web/task_routes.py", "web/task_stream.py"),
        ),
        "tests/end_to_end/test_delegation.py",
    ),
    **dict.fromkeys(
        ("runtime/fleet.py", "runtime/status_obstacle.py", "web/status_routes.py"),
        "tests/end_to_end/test_status.py",
    ),
    "runtime/approval_rows.py": "tests/store/test_approval_table.py",
    **dict.fromkeys(("web/approval_routes.py", "web/approval_tools.py"), "tests/end_to_end/test_approvals.py"),
    **dict.fromkeys(("runtime/waiting_watch.py", "web/result_routes.py"), "tests/end_to_end/test_hand_over.py"),
    "web/local_sign_in.py": "tests/web/test_sign_in.py",
    **dict.fromkeys(
        ("cli/join.py", "runtime/handed_delivery.py", "web/mail_routes.py"),
        "tests/end_to_end/test_joining.py",
    ),
    "runtime/agent_voice.py": "tests/end_to_end/test_status.py",
    "store/token_table.py": "tests/runtime/test_agent_tokens.py",
    "web/address.py": "tests/end_to_end/test_command_line.py",
    "runtime/agent_rows.py": "tests/runtime/test_hub.py",
    "runtime/mail_rows.py": "tests/store/test_message_table.py",
    **dict.fromkeys(("runtime/manner.py", "runtime/delivery.py"), "tests/runtime/test_mailroom.py"),
    "runtime/link.py": "tests/runtime/test_viewer.py",
    "runtime/place.py": "tests/runtime/test_niceness.py",
}
"""Source files that are tested by another file than their mirror image: they join parts; only the whole shows it."""

FORBIDDEN = re.compile(
    r"registry\.npmjs|registry\.yarnpkg|pypi\.org|pythonhosted\.org|/work/|/root/|index-url\s",
    re.IGNORECASE,
)
"""Hosts of package registries and places of one machine: a clone must not depend on either."""

FORBIDDEN_ALLOWED: dict[str, str] = {
    "tests/test_walls.py": "says what is forbidden",
}
BINARY_ENDINGS = frozenset((".png", ".ico", ".woff2", ".jpg", ".gz", ".bin"))


def _relative(path: Path) -> str:
    """Return a path as it is shown in a report."""
    return path.relative_to(ROOT).as_posix()


def test_no_file_is_longer_than_the_wall() -> None:
    """A file that grows past the wall holds more than one idea."""
    sizes = {_relative(path): len(path.read_text("utf-8").splitlines()) for path in [*OURS, *FRONTEND]}
    assert {path: lines for path, lines in sizes.items() if lines > MAX_FILE_LINES} == {}


def test_no_function_is_longer_than_the_wall() -> None:
    """A function that grows past the wall has parts with names of their own."""
    long = [
        f"{_relative(path)}: {node.name} has {lines} lines"
        for path in OURS
        for node in _functions(path)
        if (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > MAX_FUNCTION_LINES
    ]
    assert long == []


def test_every_file_says_what_it_is() -> None:
    """The first line of a module is a sentence about it."""
    files = [*OURS, *python_files("tests", "agent-wrappers")]
    assert [_relative(path) for path in files if not ast.get_docstring(syntax_of(path)) and _is_ours(path)] == []


def test_names_say_something() -> None:
    """No file, class or function is named by a word that fits everything."""
    empty = [
        f"{_relative(path)}: {name}"
        for path in OURS
        for name in (path.stem, *(node.name for node in ast.walk(syntax_of(path)) if isinstance(node, NAMED)))
        if not BANNED.isdisjoint(word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+", name))
    ]
    assert empty == []


def test_every_source_file_has_its_test() -> None:
    """`orchestra/a/b.py` is tested by `tests/a/test_b.py`, or the table says by what."""
    missing = []
    for path in python_files("orchestra", "building"):
        relative = path.relative_to(PACKAGE if path.is_relative_to(PACKAGE) else ROOT)
        mirrored = f"tests/{relative.with_name(f'test_{relative.name}').as_posix()}"
        expected = TESTED_THROUGH.get(relative.as_posix(), mirrored)
        if path.name not in WITHOUT_OWN_TEST and not (ROOT / expected).is_file():
            missing.append(f"{relative}: {expected}")
    assert missing == []


def test_every_exception_is_still_needed() -> None:
    """An entry of `TESTED_THROUGH` goes when its file has a test of the same name, or is gone."""
    for name in TESTED_THROUGH:
        relative = Path(name)
        assert (PACKAGE / name).is_file() or (ROOT / name).is_file(), name
        assert not (ROOT / "tests" / relative.with_name(f"test_{relative.name}")).is_file(), name


def test_every_test_says_what_holds() -> None:
    """Each test function has a sentence; none sleeps, but between two looks in a `while`, or by a mock clock."""
    silent, sleeping = [], []
    for path in python_files("tests"):
        sleeps = {"time.sleep"} if "MockClock" in path.read_text("utf-8") else {"time.sleep", "trio.sleep"}
        silent += [
            f"{_relative(path)}: {node.name}"
            for node in _functions(path)
            if node.name.startswith("test_") and not ast.get_docstring(node)
        ]
        sleeping += [
            f"{_relative(path)}:{node.lineno}"
            for node in set(ast.walk(syntax_of(path))) - _in_loops(path)
            if isinstance(node, ast.Call) and ast.unparse(node.func) in sleeps
        ]
    assert (silent, sleeping) == ([], [])


def _functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return every function of a file, inner ones too."""
    return [node for node in ast.walk(syntax_of(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def _in_loops(path: Path) -> set[ast.AST]:
    """Return every node inside the `while` loops of a file."""
    loops = (node for node in ast.walk(syntax_of(path)) if isinstance(node, ast.While))
    return {inner for loop in loops for inner in ast.walk(loop)}


def _is_ours(path: Path) -> bool:
    """Tell whether a file is our code and not the material of the demo agents."""
    return "exercises" not in path.parts


def test_no_file_depends_on_one_machine_or_registry() -> None:
    """No tracked text names a registry's host or a path that only one machine has."""
    found = []
    for path in tracked_files():
        if path.suffix in BINARY_ENDINGS or _relative(path) in FORBIDDEN_ALLOWED:
            continue
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
            if FORBIDDEN.search(line):
                found.append(f"{_relative(path)}:{number}: {line.strip()[:80]}")
    assert found == []
