"""A wheel without the page is refused."""

from pathlib import Path

import pytest

from building.page_hook import PageHook


def test_a_wheel_without_the_page_is_refused(short_dir: Path) -> None:
    """The message says what to do; with the page, and for an editable installation, there is none."""
    hook = PageHook(str(short_dir), {}, None, None, str(short_dir), "wheel")  # type: ignore[arg-type]
    with pytest.raises(FileNotFoundError, match="nox -s build"):
        hook.initialize("standard", {})
    hook.initialize("editable", {})
    page = short_dir / "orchestra" / "web" / "page"
    page.mkdir(parents=True)
    (page / "index.html").write_text("<html></html>")
    hook.initialize("standard", {})
