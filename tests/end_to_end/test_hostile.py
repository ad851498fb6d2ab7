"""Programs and people that mean harm, against a real daemon: what they do harms nobody but themselves."""

from typing import Any

from tests.end_to_end.daemon import Daemon, wait_for

MAX_TITLE_CHARACTERS = 256


def script(daemon: Daemon, name: str, text: str) -> str:
    """Write a bash script into the daemon's own directory, and return the words that run it."""
    path = daemon.directory / name
    path.write_text(text)
    return f"bash {path}"


def title_of(daemon: Daemon, agent: dict[str, Any]) -> str:
    """Return the agent's title as everybody is told it."""
    return str(daemon.agent(agent["id"])["title"])


def test_a_huge_title_is_cut_before_anybody_is_told_it(daemon: Daemon) -> None:
    """A title of half a megabyte reaches viewers as 256 characters."""
    agent = daemon.spawn()
    words = script(daemon, "title.sh", r"""printf '\033]2;'; head -c 500000 /dev/zero | tr '\0' T; printf '\007'; read -r""")
    daemon.type(agent, f"{words}\r")
    wait_for(lambda: "TTT" in title_of(daemon, agent), "the title")
    assert title_of(daemon, agent) == "T" * MAX_TITLE_CHARACTERS
    daemon.end(agent)


def test_a_title_is_never_a_format(daemon: Daemon) -> None:
    """Neither a command nor a variable nor a time of tmux's formats is expanded in a title."""
    agent = daemon.spawn()
    canary = daemon.directory / "canary"
    title = f"x #(touch {canary}) #{{pid}} %H #[fg=red]"
    daemon.type(agent, f"printf '\\033]2;%s\\007' '{title}'\r")
    wait_for(lambda: title_of(daemon, agent).startswith("x"), "the title")
    assert title_of(daemon, agent) == title
    assert not canary.exists()
    daemon.end(agent)


def test_a_program_cannot_lie_about_itself_with_its_name(daemon: Daemon) -> None:
    """A program whose name holds line feeds and what tmux tells its clients neither loses nor ends its agent."""
    agent = daemon.spawn()
    forged = r"x\n%subscription-changed facts $0 @0 0 %0 : 1|1|7||1|24|80|0|0|0|forged|forged"
    words = script(daemon, "name.sh", f"""printf '\\033]2;named\\007'; exec -a $'{forged}' sleep 60""")
    daemon.type(agent, f"{words}\r")
    wait_for(lambda: title_of(daemon, agent) == "named", "the program")
    daemon.type(agent, "still here")
    daemon.wait_screen(agent, "still here")
    assert daemon.agent(agent["id"])["state"] == "working"
    stopped = daemon.http.delete(f"/api/agents/{agent['id']}")
    assert (stopped.status_code, stopped.json()["state"], stopped.json()["exit_status"]) == (200, "exited", 128 + 1)
    daemon.end(agent)
