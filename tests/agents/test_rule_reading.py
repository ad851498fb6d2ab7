"""Screen rules are checked when they are read."""

import pytest

from orchestra.agents import parse_rules
from orchestra.errors import SetupError

HEAD = 'version = "2026.1.2.3"\n'
RULE = '[[rules]]\nname = "a"\npriority = 1\nregion = "whole"\nall = ["x"]\nstate = "idle"\n'


def test_rules_are_read() -> None:
    """Version and rules are there."""
    rules = parse_rules("a", HEAD + RULE)
    assert (rules.name, rules.version, rules.rules[0].name) == ("a", "2026.1.2.3", "a")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x = [", "not TOML"),
        (RULE, "line 1: 'version' must be like"),
        ('version = "1"\n' + RULE, "line 1: 'version' must be like"),
        (HEAD, "needs 1 to 100"),
        (HEAD + "rules = [1]", "must be a table"),
        (HEAD + 'colour = "red"\n' + RULE, "line 2: it has an unknown key 'colour'"),
        (HEAD + RULE + 'colour = "red"', "line 8: a rule has no key 'colour'"),
        (HEAD + RULE + RULE, "line 9: there are two rules 'a'"),
        (HEAD + RULE.replace('name = "a"', ""), "line 2: a rule needs 'name'"),
        (HEAD + RULE.replace('"a"', '""'), "line 3: a rule needs 'name'"),
        (HEAD + RULE.replace("= 1\n", "= true\n"), "line 4: 'priority' must be a whole number"),
        (HEAD + RULE.replace("whole", "left"), "line 5: There is no region 'left'"),
        (HEAD + RULE.replace('["x"]', '["(x+)+"]'), "line 6: The pattern"),
        (HEAD + RULE.replace('["x"]', "[1]"), "line 6: 'all' must be a list"),
        (HEAD + RULE.replace("all", "none"), "line 2: a rule needs something in 'all' or 'any'"),
        (HEAD + RULE.replace('state = "idle"', ""), "line 2: a rule needs a 'state' or a 'composer'"),
        (HEAD + RULE.replace('"idle"', '"asleep"'), "line 7: 'state' must be one of"),
        (HEAD + RULE + 'wait = "limit"', "line 7: 'wait' belongs to"),
        (HEAD + RULE.replace('"idle"', '"blocked"'), "line 7: 'wait' belongs to"),
        (HEAD + RULE + "cursor_column = -1", "line 8: 'cursor_column' must be"),
        (HEAD + RULE + "cursor_none = 'x'", "line 8: 'cursor_none' must be a list"),
        (HEAD + RULE + "cursor_none = ['(x+)+']", "line 8: The pattern"),
        (HEAD + RULE + f"cursor_none = {['x.*'] * 260}", "may take too long"),
        (HEAD + RULE.replace('["x"]', '["x.*"' + ', "y.*"' * 5 + "]"), "may take too long"),
    ],
)
def test_what_is_wrong_is_named(text: str, why: str) -> None:
    """File, line and reason."""
    with pytest.raises(SetupError, match=why) as refused:
        parse_rules("a", text, "there/a.toml")
    assert refused.value.code == "bad_rules"
    assert "there/a.toml" in refused.value.message


def test_a_name_is_checked() -> None:
    """It is a file's name."""
    with pytest.raises(SetupError, match="lower-case"):
        parse_rules("../a", HEAD + RULE)
