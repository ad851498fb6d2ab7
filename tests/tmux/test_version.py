"""tmux versions."""

import pytest

from orchestra import tmux
from orchestra.errors import SetupError
from orchestra.tmux import TmuxVersion


@pytest.mark.parametrize(
    ("printed", "version"),
    [
        ("tmux 3.3a\n", TmuxVersion(3, 3, "a")),
        ("tmux 3.4", TmuxVersion(3, 4)),
        ("tmux next-3.6", TmuxVersion(3, 6)),
        ("tmux openbsd-7.4", TmuxVersion(7, 4)),
    ],
)
def test_parse(printed: str, version: TmuxVersion) -> None:
    """The forms that tmux prints are read."""
    assert tmux.parse_version(printed) == version


@pytest.mark.parametrize("printed", ["", "tmux master", "screen"])
def test_no_version(printed: str) -> None:
    """Anything else says so."""
    with pytest.raises(SetupError, match="cannot read"):
        tmux.parse_version(printed)


def test_order() -> None:
    """Releases are ordered as tmux orders them."""
    names = ["2.9", "3.1c", "3.2", "3.2a", "3.3", "3.3a", "3.4", "3.10"]
    versions = [tmux.parse_version(name) for name in names]
    assert versions == sorted(versions)
    assert [str(version) for version in versions] == names


@pytest.mark.parametrize(
    ("name", "more"), [("3.2", ""), ("3.2a", ",mouse"), ("3.3a", ",mouse"), ("3.4", ",mouse,hyperlinks,sync")]
)
def test_features_that_a_version_does_not_know_are_not_asked_for(name: str, more: str) -> None:
    """An older tmux would drop every feature after one that it does not know."""
    always = "256,RGB,bpaste,cstyle,focus,overline,strikethrough,title,usstyle"
    assert tmux.client_features(tmux.parse_version(name)) == always + more


@pytest.mark.parametrize(
    ("name", "words"),
    [("3.1c", "too old"), ("3.3a", "hyperlinks"), ("3.5", "everything"), ("3.7", "memory"), ("3.7b", "CPU")],
)
def test_meaning(name: str, words: str) -> None:
    """A person is told what the version means."""
    assert words in tmux.meaning_of(tmux.parse_version(name))
