"""What the tests of the web share beside `served`."""

from pathlib import Path

import pytest

SCRIPT = 'self.__next_f=self.__next_f||[];self.__next_f.push([0,"\u00fc"])'


INDEX = f"""<!DOCTYPE html><html><head><script src="/_next/static/a.js" async=""></script></head>
<body><script>{SCRIPT}</script><script type="module">
console.log(1)
</script></body></html>"""


@pytest.fixture
def page(short_dir: Path) -> Path:
    """Give a small page as Next.js exports it, with things around it that nobody must get."""
    directory = short_dir / "page"
    static = directory / "_next" / "static"
    static.mkdir(parents=True)
    (directory / "index.html").write_text(INDEX)
    (directory / "login.html").write_text(INDEX.replace("console", "window.console"))
    (directory / "404.html").write_text("<!DOCTYPE html><p>Nothing here</p>")
    (directory / "index.txt").write_text("flight data")
    (directory / "favicon.ico").write_bytes(b"\0\0")
    (static / "a.js").write_text("let a = 1;" * 1000)
    (static / "b.css").write_text("a { color: red }" * 100)
    (static / "c.woff2").write_bytes(b"wOF2" + bytes(2000))
    (directory / "secret.key").write_text("not a type of the page")
    (short_dir / "outside.txt").write_text("outside")
    (directory / "link.txt").symlink_to(short_dir / "outside.txt")
    (directory / ".hidden").write_text("hidden")
    return directory
