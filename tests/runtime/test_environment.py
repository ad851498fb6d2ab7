"""What a pane may see of the daemon's environment."""

from orchestra.runtime.environment import pane_environment


def test_only_what_is_needed() -> None:
    """Secrets and the daemon's own variables stay out; what programs need goes in."""
    daemon = {"HOME": "/h", "PATH": "/p", "SHELL": "/s", "LC_TIME": "C", "HTTPS_PROXY": "x", "LANG": "de_DE.UTF-8"}
    secret = {"ORCHESTRA_KEY": "1", "AWS_SECRET_ACCESS_KEY": "2", "TMUX": "3", "TMUX_PANE": "%0", "PYTHONPATH": "4"}
    seen = pane_environment(daemon | secret)
    assert seen == daemon | {"COLORTERM": "truecolor"}


def test_a_locale_that_is_not_utf8_is_replaced() -> None:
    """A terminal of ours speaks UTF-8, also where the daemon was started without."""
    assert pane_environment({"LC_ALL": "C"})["LC_CTYPE"] == "C.UTF-8"
    assert "LC_ALL" not in pane_environment({"LC_ALL": "C", "LANG": "C.UTF-8"})
    assert "LC_CTYPE" not in pane_environment({"LC_ALL": "de_DE.utf8"})


def test_an_empty_environment_will_do() -> None:
    """A daemon that was started with nothing still has a shell and a path for its panes."""
    assert {"PATH", "SHELL"} <= set(pane_environment({}))
