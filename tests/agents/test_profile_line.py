"""The line of a key in a TOML text."""

import pytest

from orchestra.agents import line_of

TEXT = """\
title = "a"
# [task]
command = [
    "title = 1",
    "[stop]",  # ]
]
"quoted key" = 1

[task]
output = "plain"
command = ['x = [']
text = '''
[stop]
keys = 1
'''
other = "after"

[environment]
set = { A = "b" }
pass.deep = 1

[files]
"a.json" = "x"

[[rules]]
name = "first"
[[rules]]
name = "second"
state = "idle"
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 1),
        (("command",), 3),
        (("quoted key",), 7),
        (("task",), 9),
        (("task", "output"), 10),
        (("task", "other"), 16),
        (("task", "missing"), 9),
        (("environment", "set", "A"), 19),
        (("environment", "pass", "deep"), 20),
        (("files", "a.json"), 23),
        (("stop", "keys"), 1),
        (("rules", 0, "name"), 26),
        (("rules", 1, "name"), 28),
        (("rules", 1, "state"), 29),
        (("rules", 0, "state"), 25),
    ],
)
def test_the_line_is_that_of_the_key(path: tuple[str | int, ...], line: int) -> None:
    """Tables, lists over several lines, long strings, quoted keys and arrays of tables are followed."""
    assert line_of(TEXT, *path) == line
