"""The real Aider: what docs/agents.md says of it."""

from pathlib import Path

from tests.real_agents.aider import run_aider
from tests.stand_in.model import StandIn
from tests.stand_in.turn import Failure, Turn


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
