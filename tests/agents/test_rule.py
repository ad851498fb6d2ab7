"""Screen rules: what they match, and what a screen says."""

from orchestra.agents import Composer, RuleSet, ScreenText, Seen, parse_rules

RULES = r"""
version = "2026.1.2.3"
[[rules]]
name = "prompt"
priority = 10
region = "bottom 1 row"
all = ['^>']
none = ['no']
state = "idle"
composer = "filled"
[[rules]]
name = "nothing typed"
priority = 20
region = "cursor row"
all = ['^>']
cursor_column = 2
composer = "empty"
[[rules]]
name = "works"
priority = 30
region = "whole"
any = ['Thinking…', 'Reading']
state = "working"
[[rules]]
name = "asks"
priority = 90
region = "whole"
all = ['proceed\?', '1\. Yes']
cursor_none = ['^>$', '^> [a-z]']
state = "blocked"
wait = "permission"
[[rules]]
name = "viewer"
priority = 95
region = "whole"
any = ['Transcript']
state = "skip"
[[rules]]
name = "title spins"
priority = 60
region = "title"
all = ['^◐ ']
state = "working"
"""


def rules() -> RuleSet:
    """Return the rules above."""
    return parse_rules("test", RULES)


def name_of(
    *rows: str, cursor: tuple[int, int] | None = None, title: str = ""
) -> tuple[str | None, str | None, str | None]:
    """Return the names of the rules that win: for the screen, the title and the composer."""
    read = rules().read(ScreenText.of(rows, cursor, title))
    winners = (read.screen, read.title, read.composer)
    return tuple(result.rule.name if result else None for result in winners)  # type: ignore[return-value]


def test_the_highest_priority_wins() -> None:
    """The order in the file does not matter."""
    assert [rule.priority for rule in rules().rules] == [95, 90, 60, 30, 20, 10]
    assert name_of("Thinking…", "> x") == ("works", None, "prompt")
    assert name_of("> x") == ("prompt", None, "prompt")
    assert name_of("nothing known") == (None, None, None)


def test_all_any_none() -> None:
    """Of `all` each, of `any` one, of `none` none is in some row of the region."""
    assert name_of("proceed?", "1. Yes") == ("asks", None, None)
    assert name_of("proceed?")[0] is None
    assert name_of("Reading")[0] == "works"
    assert name_of("> no")[0] is None


def test_the_cursor_tells_a_suggestion() -> None:
    """A rule may ask where the cursor is."""
    assert name_of("> Try this", cursor=(0, 2))[2] == "nothing typed"
    assert name_of("> Try this", cursor=(0, 10))[2] == "prompt"
    assert name_of("> Try this")[2] == "prompt"


def test_title_and_screen_are_apart() -> None:
    """Each has a winner of its own."""
    assert name_of("> x", title="◐ a") == ("prompt", "title spins", "prompt")


def test_a_decision_covers_the_composer() -> None:
    """While a decision is pending nothing is known of what stands where people type."""
    assert name_of("proceed?", "1. Yes", "> x") == ("asks", None, None)


def test_every_result_has_its_evidence() -> None:
    """What matched names its row and text, at most 200 characters; what did not has none."""
    read = rules().read(ScreenText.of(["", "  Thinking… " + "x" * 390, "> y"]))
    by_name = {result.rule.name: result for result in read.results}
    assert len(by_name) == len(rules().rules)
    assert by_name["works"].row == 1
    assert by_name["works"].text.startswith("Thinking… xxx")
    assert len(by_name["works"].text) == 200
    assert (by_name["asks"].is_matched, by_name["asks"].row, by_name["asks"].text) == (False, None, "")
    assert by_name["works"].public() == {
        "name": "works",
        "priority": 30,
        "region": "whole",
        "state": "working",
        "wait": None,
        "composer": None,
        "matched": True,
        "row": 1,
        "evidence": by_name["works"].text,
    }


def test_what_rules_may_say() -> None:
    """States and composers are read as such."""
    by_name = {rule.name: rule for rule in rules().rules}
    assert (by_name["viewer"].state, by_name["nothing typed"].composer) == (Seen.SKIP, Composer.EMPTY)


def test_no_dialog_is_open_where_people_can_type() -> None:
    """What is in the cursor's row speaks against a rule, wherever that row is; a cursor beside the screen does not."""
    dialog = ("proceed?", "> 1. Yes")
    assert name_of(*dialog, ">", cursor=(2, 2))[0] == "prompt"
    assert name_of(*dialog, "> and", cursor=(2, 5))[0] == "prompt"
    for cursor in ((1, 2), (0, 0), (9, 0), None):
        assert name_of(*dialog, ">", cursor=cursor)[0] == "asks"
