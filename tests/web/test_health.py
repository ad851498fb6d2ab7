"""Alive and able to work."""

from pathlib import Path

import pytest
import trio

from tests.web.served import serving


async def test_health_and_readiness_tell_the_truth(short_dir: Path) -> None:
    """`/readyz` is 503 while something is wrong and names it; the reason stands in the log alone."""
    states = {"store": "ok", "tmux": "ok"}

    async def readiness() -> dict[str, str]:
        return states

    async with serving(short_dir, readiness=readiness) as served, served.client() as client:
        assert (await client.get("/healthz")).json() == {"status": "ok"}
        assert (await client.get("/readyz")).json() == {"status": "ok"}
        states["tmux"] = "no server running on /secret/path"
        answer = await client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json() == {"status": "unavailable", "failing": ["tmux"]}
        assert (await client.get("/healthz")).status_code == 200
        assert any("/secret/path" in str(line) for line in served.log_lines())


async def test_readiness_that_does_not_answer_is_none(short_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check that hangs is not ready."""
    monkeypatch.setattr("orchestra.web.health.READINESS_S", 0.05)

    async def readiness() -> dict[str, str]:
        await trio.sleep_forever()
        return {}

    async with serving(short_dir, readiness=readiness) as served, served.client() as client:
        assert (await client.get("/readyz")).status_code == 503
