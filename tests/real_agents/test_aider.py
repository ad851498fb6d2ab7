"""The real Aider: what docs/agents.md says of it, and the tasks that a real daemon gives it."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.end_to_end.daemon import Daemon, wait_for
from tests.real_agents.aider import daemon_with_aider, make_repository, run_aider
from tests.stand_in.model import StandIn
from tests.stand_in.turn import Failure, Turn

BRIEF = "Write a note into note.txt"
EDIT = Turn("Here it is.\n\nnote.txt\n```\nwritten by a model\n```\n")
MESSAGE = Turn("docs: write the note")
IN_TIME_S = 60.0


@dataclass(frozen=True, slots=True)
class House:
    """A daemon whose person has Aider, and the model that Aider asks. Owned by its fixture."""

    daemon: Daemon
    model: StandIn

    def repository(self, name: str) -> Path:
        """Make a repository with an empty note."""
        return make_repository(self.daemon.directory / name, self.daemon.directory)

    def give(self, folder: Path, wait_s: float = IN_TIME_S, **wanted: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """Give Aider a task; return it, finished where `wait_s` was enough."""
        body = {"to": "aider", "brief": BRIEF, "cwd": str(folder), "wait_s": wait_s, **wanted}
        answer = self.daemon.http.post("/api/delegate", json=body, timeout=wait_s + 10)
        assert answer.status_code in {200, 202}, answer.text
        task: dict[str, Any] = answer.json()
        return task

    def wait(self, task: dict[str, Any]) -> dict[str, Any]:
        """Wait for a task's end."""
        address = f"/api/tasks/{task['task_id']}/wait"
        done: dict[str, Any] = self.daemon.http.get(
            address, params={"timeout_s": IN_TIME_S}, timeout=IN_TIME_S + 10
        ).json()
        return done

    def running(self, task: dict[str, Any]) -> list[psutil.Process]:
        """Return the processes of a task, Aider and what started it: those that were given the brief's file."""
        agent_id: str = self.daemon.http.get(task["links"]["self"]).json()["agent_id"]
        stem = agent_id.removeprefix("agent-")
        found = []
        for process in psutil.process_iter():
            try:
                words = process.cmdline()
            except psutil.Error:
                continue
            if "--message-file" in words and any(f"/{stem}/" in word for word in words):
                found.append(process)
        return found


@pytest.fixture(scope="module")
def shared() -> Iterator[House]:
    """Give a house that the tests of this file share: nothing of theirs stays in it but agents that have ended."""
    with StandIn() as model, daemon_with_aider(model.address) as daemon:
        yield House(daemon, model)


@pytest.fixture
def house(shared: House) -> House:
    """Give the house with a model that has nothing left to say."""
    shared.model.say_instead()
    return shared


def git(folder: Path, *words: str) -> str:
    """Return what git says."""
    return subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


def test_a_message_becomes_an_edit(short_dir: Path) -> None:
    """Aider asks the model once and writes the file that it answers with."""
    with StandIn(Turn("Here it is.\n\nnote.txt\n```\nwritten by a model\n```\n")) as model:
        project = short_dir / "work"
        project.mkdir()
        (project / "note.txt").write_text("empty\n")
        done = run_aider(short_dir / "home", project, model.address, "Write a note", "note.txt")
    assert done.returncode == 0
    assert (project / "note.txt").read_text() == "written by a model\n"
    assert any("Write a note" in prompt for prompt in model.requests()[0].prompts)


def test_a_refusal_is_no_exit_code(short_dir: Path) -> None:
    """A model that refuses leaves exit code 0: only what Aider prints tells of it."""
    with StandIn(Turn(failure=Failure(401, message="Wrong key"), times=9)) as model:
        done = run_aider(short_dir / "home", short_dir / "work", model.address, "Write a note")
    assert done.returncode == 0
    assert "AuthenticationError" in done.stdout


def test_a_task_edits_and_commits(house: House) -> None:
    """The file in the repository is edited and committed; text, exit code, tokens and cost are in the result."""
    folder = house.repository("edited")
    house.model.say_instead(EDIT, MESSAGE)
    task = house.give(folder)
    result = task["result"]
    assert (task["state"], result["exit_code"], result["error"]) == ("completed", 0, ""), task
    assert (folder / "note.txt").read_text() == "written by a model\n"
    assert git(folder, "log", "-1", "--format=%s") == "docs: write the note" and not git(folder, "status", "--short")
    assert "Here it is." in result["text"] and "Applied edit to note.txt" in result["text"]
    assert (result["usage"], result["cost_usd"]) == ({"input_tokens": 12, "output_tokens": 7}, 0.26)


@pytest.mark.parametrize(
    ("failure", "why"),
    [
        (Failure(401, message="Wrong key"), "litellm.AuthenticationError: "),
        (Failure(404, message="The model `stand-in` does not exist"), "litellm.NotFoundError: "),
        (
            Failure(400, message="This model's maximum context length is 10 tokens."),
            "Model openai/stand-in has hit a token limit!",
        ),
    ],
)
def test_a_refusal_fails_the_task(failure: Failure, why: str, house: House) -> None:
    """Aider's exit code is 0, and the reason is what it says; nothing was edited."""
    folder = house.repository(f"refused-{failure.status}")
    house.model.say_instead(Turn(failure=failure, times=9))
    task = house.give(folder)
    assert (task["state"], task["result"]["exit_code"]) == ("failed", 0), task
    assert task["reason"].startswith(why) and task["result"]["error"] == task["reason"]
    assert (folder / "note.txt").read_text() == "empty\n"


def test_an_answer_that_fits_no_format_fails_the_task(house: House) -> None:
    """After three more tries Aider gives up, with exit code 0 and a word about it."""
    folder = house.repository("unfit")
    house.model.say_instead(Turn("```\nno name of a file\n```\n", times=9))
    task = house.give(folder, brief="Do something")
    assert (task["state"], task["result"]["exit_code"]) == ("failed", 0), task
    assert task["reason"].startswith("Only 3 reflections allowed, stopping.")
    assert (folder / "note.txt").read_text() == "empty\n"


def test_what_aider_got_over_fails_nothing(house: House) -> None:
    """A rate limit that passed, an error that the answer quotes last, and a commit without a message of a model's."""
    folder = house.repository("quoted")
    quoting = Turn(f"{EDIT.text}\nThe log says:\nlitellm.AuthenticationError: Wrong key")
    # The client that Aider uses asks three times before it tells.
    house.model.say_instead(Turn(failure=Failure(429, message="slower"), times=3), quoting)
    house.model.say(Turn(failure=Failure(401, message="Wrong key"), times=9))
    task = house.give(folder)
    assert (task["state"], task["result"]["error"]) == ("completed", ""), task
    assert (folder / "note.txt").read_text() == "written by a model\n"
    text = task["result"]["text"]
    assert "litellm.RateLimitError: " in text and text.count("litellm.AuthenticationError: ") >= 2
    assert len(git(folder, "log", "--format=%h").splitlines()) == 2


def test_a_cancel_reaches_aider(house: House) -> None:
    """While it waits for the model, it is ended; the task is cancelled and nothing was edited."""
    folder = house.repository("cancelled")
    house.model.say_instead(Turn(EDIT.text, is_held=True))
    task = house.give(folder, wait_s=0)
    house.model.wait_held(IN_TIME_S)
    processes = house.running(task)
    assert any(Path(word).name == "aider" for process in processes for word in process.cmdline()[:2])
    answer = house.daemon.http.post(f"/api/tasks/{task['task_id']}/cancel", json={"reason": "not needed"})
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled"), answer.text
    wait_for(lambda: not any(process.is_running() for process in processes), "Aider's end")
    house.model.release()
    assert (folder / "note.txt").read_text() == "empty\n"


def test_two_work_side_by_side(house: House) -> None:
    """Each in a worktree of its own: both ask the model at the same time, edit the same file, and bring their diffs."""
    folder = house.repository("shared")
    house.model.say_instead(Turn(EDIT.text, is_held=True, times=2), MESSAGE, MESSAGE)
    begun = len(house.model.requests())
    tasks = [house.give(folder, wait_s=0, worktree=True) for _ in range(2)]
    house.model.wait_requests(begun + 2, IN_TIME_S)
    assert all(house.running(task) for task in tasks)
    house.model.release()
    places = set()
    for task in map(house.wait, tasks):
        assert task["state"] == "completed", task
        artefacts = house.daemon.http.get(task["links"]["result"]).json()["result"]["artefacts"]
        assert artefacts["files"] == ["note.txt"] and "+written by a model" in artefacts["diff"]
        place = Path(house.daemon.agent(task["agent_id"])["worktree"])
        assert (place / "note.txt").read_text() == "written by a model\n"
        assert git(place, "log", "-1", "--format=%s") == "docs: write the note"
        places.add(place)
    assert len(places) == 2
    assert (folder / "note.txt").read_text() == "empty\n" and git(folder, "log", "--format=%s") == "begun"
