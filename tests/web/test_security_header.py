"""Which scripts a page may run."""

import base64
import hashlib

import pytest

from orchestra.web.security_header import inline_scripts, page_policy


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        ("<p>no scripts</p>", []),
        ("<script>a &lt; b && '</' + 'script'</script>", ["a &lt; b && '</' + 'script'"]),
        ("<script src=x>ignored by browsers</script><SCRIPT async>two</SCRIPT>", ["two"]),
        ('<script type="application/json">{"a": "<p>"}</script>', ['{"a": "<p>"}']),
        ("<script>one\r\ntwo\rthree</script>", ["one\ntwo\nthree"]),
        ("<script></script>", [""]),
        ("<!-- <script>commented</script> -->", []),
        ("<textarea>&amp;</textarea><script>last", []),
    ],
)
def test_inline_scripts_are_found_as_a_browser_reads_them(html: str, texts: list[str]) -> None:
    """The text between the tags, unchanged but for its line ends."""
    assert list(inline_scripts(html)) == texts


def test_the_policy_holds_each_hash_once() -> None:
    """In a fixed order, so that the header is the same after every start."""
    digest = base64.b64encode(hashlib.sha256(b"x").digest()).decode()
    policy = page_policy("<script>x</script><script>x</script>")
    assert policy.count(f"'sha256-{digest}'") == 1
    assert "script-src 'self';" in page_policy("<p>none</p>")
