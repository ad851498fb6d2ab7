"""Profiles: data in TOML, checked when it is loaded."""

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra.agents import MEANINGS, Acknowledgement, Output, Profile, parse_profile, placeholders_of
from orchestra.errors import SetupError

SHIPPED = {
    entry.name.removesuffix(".toml"): entry.read_text("utf-8")
    for entry in (files("orchestra.agents") / "shipped").iterdir()
}
WHOLE = """
title = "A"
[find]
programs = ["a", "b"]
recognise = "A, the agent"
version = ["version"]
install = "get a"
[interactive]
command = ["{program}", "{run}/x"]
resume = ["{program}", "{conversation}"]
[task]
command = ["{program}", "{brief}"]
resume = ["{program}", "{brief_file}"]
output = "codex-json"
[environment]
set = { A_HOME = "{run}" }
unset = ["A_*", "B"]
pass = ["A_KEY"]
[files]
"x" = "text"
[messages]
gap_ms = 100
acknowledge = "hook"
types_slash_commands = false
blank_before = "!"
blank_after = "+"
[status]
rules = "a"
hooks = { Stop = "done", "Ask:tool" = "blocked:permission" }
details = { Ask = "name" }
[stop]
keys = ["C-c"]
signal = "SIGINT"
grace_s = 3
[restart]
restarts = 3
window_s = 60
"""


def test_a_command() -> None:
    """A profile with a command has defaults for the rest."""
    profile = parse_profile("shell", 'command = ["{shell}", "-l"]')
    assert (profile.title, profile.description, profile.is_listed, profile.starts) == ("shell", "", True, ())
    assert not profile.needs_scratch
    assert profile.task is None
    assert profile.filled_command({"shell": "/bin/sh"}) == ("/bin/sh", "-l")


def test_everything() -> None:
    """Every table is read."""
    profile = parse_profile("a", WHOLE)
    task = profile.task
    assert task is not None
    assert (profile.find.programs, profile.find.recognise, profile.find.version) == (
        ("a", "b"),
        "A, the agent",
        ("version",),
    )
    assert (profile.command, profile.resume) == (("{program}", "{run}/x"), ("{program}", "{conversation}"))
    assert (task.command[1], task.resume[1], task.output) == ("{brief}", "{brief_file}", Output.CODEX_JSON)
    assert (dict(profile.environment.set), profile.environment.unset) == ({"A_HOME": "{run}"}, ("A_*", "B"))
    assert profile.environment.passed == ("A_KEY",)
    assert (profile.messages.gap_ms, profile.messages.acknowledge) == (100, Acknowledgement.HOOK)
    assert not profile.messages.types_slash_commands
    assert (profile.messages.blank_before, profile.messages.blank_after) == ("!", "+")
    assert profile.status.rules == "a"
    assert profile.status.hooks["Ask:tool"] == "blocked:permission"
    assert profile.status.details["Ask"] == "name"
    assert (profile.stop.keys, profile.stop.signal, profile.stop.grace_s) == (("C-c",), "SIGINT", 3.0)
    assert (profile.restart.restarts, profile.restart.window_s) == (3, 60.0)


PLAIN = """command = ["x"]
[task]
command = ["x"]
errors = ['^Error: ']
progress = ["^Done"]
counts = { input_tokens = "# in", cost_usd = "cost #" }
"""


def test_what_plain_output_tells() -> None:
    """A task form says by which lines its program fails or goes on, and where its numbers stand."""
    task = parse_profile("a", PLAIN).task
    assert task is not None
    assert [pattern.text for pattern in (*task.errors, *task.progress)] == ["^Error: ", "^Done"]
    assert dict(task.counts) == {"input_tokens": "# in", "cost_usd": "cost #"}
    other = parse_profile("a", 'command = ["x"]\n[task]\ncommand = ["x"]').task
    assert other is not None and (other.errors, other.progress, dict(other.counts)) == ((), (), {})


TOO_MANY = ", ".join(["'a'"] * 21)


@pytest.mark.parametrize(
    ("line", "other", "why"),
    [
        (3, "errors = 'x'", "line 4: 'errors' in .* must be a list"),
        (3, "errors = ['a', '(']", "line 4: 'errors' in .* is wrong: .*not closed"),
        (3, "errors = ['a*']", "line 4: 'errors' in .* matches an empty line"),
        (3, f"errors = [{TOO_MANY}]", "line 4: 'errors' in .* at most 20"),
        (3, "", "line 5: 'progress' in .* means nothing without 'errors'"),
        (4, "progress = ['a**']", "line 5: 'progress' in .* is wrong"),
        (5, "[task.counts]\n#\ncost_eur = 'cost #'", "line 8: 'counts' in .*'cost_eur', which is not one of"),
        (5, "[task.counts]\ncost_usd = '#'", "line 7: 'counts' in .* must be words with one #"),
        (5, "counts = { cost_usd = 'cost' }", "line 6: 'counts' in .* must be words with one #"),
        (5, "counts = { cost_usd = 'from # to #' }", "line 6: 'counts' in .* must be words with one #"),
        (5, "output = 'stream-json'", "line 4: 'errors' in .* is for plain output"),
    ],
)
def test_what_is_wrong_in_it_is_named(line: int, other: str, why: str) -> None:
    """Each of its keys is checked when the file is read, and the line is named."""
    lines = PLAIN.splitlines()
    lines[line] = other
    with pytest.raises(SetupError, match=why):
        parse_profile("a", "\n".join(lines))


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_what_is_shipped_is_right(name: str) -> None:
    """Every shipped profile is read, says what it is, and how its program is got."""
    profile = parse_profile(name, SHIPPED[name])
    assert profile.title
    assert profile.description.endswith(".")
    assert bool(profile.find.install) is bool(profile.find.programs)


@pytest.mark.parametrize("name", sorted(name for name, text in SHIPPED.items() if "[task]" in text))
def test_a_brief_is_one_argument(name: str) -> None:
    """A task's text cannot become a flag: it stands behind `--`, or is read from a file or as input."""
    task = parse_profile(name, SHIPPED[name]).task
    assert task is not None
    if task.stdin:
        assert task.stdin == "{brief_file}" and task.max_brief_bytes is None
        return
    for words in filter(None, (task.command, task.resume)):
        (place,) = (at for at, word in enumerate(words) if {"brief", "brief_file"} & placeholders_of(word))
        word = words[place]
        is_alone = word == "{brief}" and words[place - 1] in ("--", "-c")
        assert is_alone or word == "{brief_file}", words


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("Shell", 'command = ["x"]', "lower-case"),
        ("../x", 'command = ["x"]', "lower-case"),
        ("a", "command = [", "not TOML: .*line 1"),
        ("a", '#\n#\ncommand = "x', r"not TOML: .*line 3"),
        ("a", 'command = "x"', "line 1: 'command' must be a list"),
        ("a", "command = [1]", "line 1: 'command' must hold words"),
        ("a", 'command = ["a\\u0000b"]', "must hold words"),
        ("a", "", "either a command"),
        ("a", 'command = ["x"]\nstarts = ["b"]', "either a command"),
        ("a", 'starts = ["b"]\n[task]\ncommand = ["x"]', "line 1: a profile that starts others"),
        ("a", 'command = ["x"]\ncolour = "red"', "line 2: it has an unknown key 'colour'"),
        ("a", 'command = ["x"]\nis_listed = "no"', "line 2: 'is_listed' must be true or false"),
        ("a", 'command = ["x"]\n[interactive]\ncommand = ["y"]', "line 1: it has two commands"),
        ("a", 'command = [""]', "the first word"),
        ("a", 'command = ["{program}"]', "needs 'programs' in"),
        ("a", 'command = ["x"]\n[task]\noutput = "plain"', r"line 2: \[task\] needs a command"),
        ("a", 'command = ["x"]\n\n[task]\ncommand = ["y"]\noutput = "xml"', "line 5: 'output' in .* must be one of"),
        ("a", 'command = ["x", "{home}"]', "line 1: there is no placeholder {home}"),
        ("a", 'command = ["x", "{brief}"]', r"line 1: {brief} is only there in \[task\]"),
        ("a", 'command = ["x"]\n[files]\n"a" = """\n{no}"""', "line 3: there is no placeholder {no}"),
        ("a", 'command = ["x"]\n[files]\n"../a" = ""', "line 3: .*inside the run folder"),
        ("a", 'command = ["x"]\n[files]\n"a" = 1', "line 3: .*must be a text"),
        ("a", 'command = ["x"]\n[files]\n"spool/a" = ""', "line 3: .*Orchestra's own"),
        ("a", 'command = ["x"]\n[files]\n"a.json" = "{title}"', "line 3: .*not what its ending says"),
        ("a", 'command = ["x"]\n[files]\n"a.toml" = "="', "line 3: .*not what its ending says"),
        ("a", 'command = ["x"]\nfiles = 1', "line 2: .*must be a table"),
        ("a", 'command = ["x"]\nstop = 1', "line 2: 'stop' must be a table"),
        ("a", 'command = ["x"]\n[stop]\ngrace_s = -1', "line 3: .*number from 0 to 3"),
        ("a", 'command = ["x"]\n[stop]\ngrace_s = true', "line 3: .*number from 0 to 3"),
        ("a", 'command = ["x"]\n[stop]\nkeys = ["C-c; kill-server"]', "line 3: .*a key as tmux names it"),
        ("a", 'command = ["x"]\n[messages]\ngap_ms = 1.5', "line 3: .*whole number"),
        ("a", 'command = ["x"]\n[find]\nprograms = ["/bin/x"]', "line 3: .*bare name"),
        ("a", 'command = ["x"]\n[find]\nprograms = "x"', "line 3: .*must be a list"),
        ("a", 'command = ["x"]\n[environment]\npass = ["ORCHESTRA_TOKEN"]', "line 3: .*sets itself"),
        ("a", 'command = ["x"]\n[environment]\nset = { "a b" = "" }', "line 3: .*name of a variable"),
        ("a", 'command = ["x"]\n[environment]\nunset = ["*"]', "line 3: .*PREFIX"),
        ("a", 'command = ["x"]\n[status.hooks]\n#\nStop = "asleep"', "line 4: .*'asleep' is none of"),
        ("a", 'command = ["x"]\n[status.hooks]\nStop = 1', "line 3: .*must be a text"),
        ("a", 'command = ["x"]\n#' + "x" * (256 << 10), "longer than 256 KiB"),
    ],
)
def test_what_is_wrong_is_named(name: str, text: str, why: str) -> None:
    """A profile that is wrong says which, in which file and line, and why."""
    with pytest.raises(SetupError, match=why) as refused:
        parse_profile(name, text, "there/a.toml")
    assert refused.value.code == "bad_profile"
    assert repr(name) in refused.value.message
    assert "there/a.toml" in refused.value.message


@given(st.sampled_from(WHOLE.splitlines()), st.sampled_from(["", "x = 1", "[x]", "[[find]]", 'keys = "x"', "a.b = 1"]))
def test_a_spoilt_profile_is_refused_or_read(line: str, other: str) -> None:
    """Whatever one line is replaced by, it is a profile or a `SetupError`, nothing else."""
    try:
        read: Profile | SetupError = parse_profile("a", WHOLE.replace(line, other, 1))
    except SetupError as error:
        read = error
    assert isinstance(read, Profile) or "a.toml" in read.message


def test_every_placeholder_has_a_meaning() -> None:
    """The documented list is the list."""
    assert {"shell", "wrappers", "scratch", "program", "run", "brief", "brief_file", "conversation"} <= set(MEANINGS)
