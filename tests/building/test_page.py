"""The page is built when something changed, and only then."""

import json
from pathlib import Path

import pytest

from building.page import build, inputs_digest, is_current

SCRIPTS = {"build": "mkdir -p out && date +%s%N > out/when && cp page.html out/index.html"}


@pytest.fixture
def frontend(short_dir: Path) -> Path:
    """Give a frontend without packages whose build copies one file."""
    folder = short_dir / "frontend"
    folder.mkdir()
    package = {"name": "small", "version": "1.0.0", "scripts": SCRIPTS}
    (folder / "package.json").write_text(json.dumps(package))
    lock = {"name": "small", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {"name": "small"}}}
    (folder / "package-lock.json").write_text(json.dumps(lock))
    (folder / "page.html").write_text("<html>first</html>")
    (folder / "node_modules").mkdir()
    return folder


def test_a_page_is_built_once(frontend: Path, short_dir: Path) -> None:
    """The second build has nothing to do; after a change the page is the new one."""
    page = short_dir / "page"
    assert not is_current(frontend, page)
    assert build(frontend, page) and is_current(frontend, page)
    first = (page / "when").read_text()
    assert not build(frontend, page) and (page / "when").read_text() == first
    (frontend / "page.html").write_text("<html>second</html>")
    assert build(frontend, page) and (page / "index.html").read_text() == "<html>second</html>"
    assert [entry.name for entry in short_dir.iterdir() if entry.name.startswith("page.")] == []


def test_a_damaged_page_is_built_again(frontend: Path, short_dir: Path) -> None:
    """A page without its first file, or whose stamp cannot be read, does not count as built."""
    page = short_dir / "page"
    build(frontend, page)
    (page / "index.html").unlink()
    assert build(frontend, page)
    (page / "build.json").write_text("{")
    assert build(frontend, page)


def test_the_digest_sees_what_a_person_writes(frontend: Path) -> None:
    """Content and names of sources count; what the build itself leaves does not."""
    before = inputs_digest(frontend)
    for generated in ("out", ".next", "node_modules"):
        (frontend / generated).mkdir(exist_ok=True)
        (frontend / generated / "a.js").write_text("1")
    (frontend / "next-env.d.ts").write_text("1")
    assert inputs_digest(frontend) == before
    (frontend / "page.html").rename(frontend / "other.html")
    renamed = inputs_digest(frontend)
    (frontend / "other.html").write_text("<html>else</html>")
    assert len({before, renamed, inputs_digest(frontend)}) == 3
