"""`/metrics`: right numbers in the right format, for those who may read them."""

from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from orchestra.access import ROLE_PERMISSIONS, Permission, Role
from orchestra.runtime.histogram import SECONDS
from orchestra.web.metrics_routes import metrics_routes
from tests.runtime.house import open_house, until
from tests.web.served import Served, serving

SCRAPER = ROLE_PERMISSIONS[Role.SCRAPER]
VERSIONS = {"version": "0.1.0", "tmux": "3.3a"}


async def scraped(served: Served) -> dict[str, float]:
    """Return every sample by its name and labels, as a scraper reads them."""
    async with served.client(served.bearer(SCRAPER)) as client:
        answer = await client.get("/metrics")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    return {
        sample.name + "".join(f"|{label}={value}" for label, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def test_the_numbers_are_the_tallys(short_dir: Path) -> None:
    """Every number of the tally has its metric, and panes are counted by their agents' state."""
    async with open_house(short_dir) as house, serving(short_dir, routes=metrics_routes(house.hub, VERSIONS)) as served:
        agent = await house.spawn("sh")
        await until(lambda: house.text(agent).strip(), "a prompt")
        tally = house.hub.tally
        tally.viewers = 2
        tally.frames_made, tally.sent_bytes, tally.window_full, tally.inputs_taken = 3, 4, 5, 6
        tally.cell_deltas, tally.cell_keyframes, tally.text_deltas, tally.text_keyframes = 10, 11, 12, 13
        tally.resyncs.update(checksum=7, stale=8)
        tally.inputs_refused.update(input_gap=9)
        tally.model_mismatches.update(ansi=1)
        seen = await scraped(served)
        state = house.state(agent).value
        expected = {
            "orchestra_viewers": 2,
            f"orchestra_panes|state={state}": 1,
            "orchestra_panes|state=blocked": 0,
            "orchestra_frames_made_total": 3,
            "orchestra_sent_bytes_total": 4,
            "orchestra_window_full_total": 5,
            "orchestra_inputs_total": 6,
            "orchestra_frames_sent_total|encoding=cells|kind=delta": 10,
            "orchestra_frames_sent_total|encoding=cells|kind=keyframe": 11,
            "orchestra_frames_sent_total|encoding=ansi|kind=delta": 12,
            "orchestra_frames_sent_total|encoding=ansi|kind=keyframe": 13,
            "orchestra_checksum_mismatches_total": 7,
            "orchestra_resyncs_total|reason=checksum": 7,
            "orchestra_resyncs_total|reason=stale": 8,
            "orchestra_resyncs_total|reason=bounds": 0,
            "orchestra_inputs_refused_total|code=input_gap": 9,
            "orchestra_model_mismatches_total|encoding=ansi": 1,
            "orchestra_model_mismatches_total|encoding=cells": 0,
        }
        assert {name: seen.get(name) for name in expected} == expected
        assert seen["orchestra_pictures_total"] >= 1
        (build,) = [name for name in seen if name.startswith("orchestra_build_info|")]
        assert "|tmux=3.3a" in build and "|version=0.1.0" in build
        assert seen["process_resident_memory_bytes"] > 1e6
        assert seen["process_cpu_seconds_total"] > 0


async def test_a_histogram_adds_up(short_dir: Path) -> None:
    """Buckets count everything up to their bound, the last one everything."""
    async with open_house(short_dir) as house, serving(short_dir, routes=metrics_routes(house.hub, VERSIONS)) as served:
        for value in (0.0005, 0.001, 0.03, 99.0):
            house.hub.tally.frame_age_s.add(value)
        seen = await scraped(served)
        name = "orchestra_frame_age_seconds"
        assert [seen[f"{name}_bucket|le={bound}"] for bound in ("0.001", "0.02", "0.05", "10.0", "+Inf")] == [
            2,
            2,
            3,
            3,
            4,
        ]
        assert seen[f"{name}_count"] == 4
        assert abs(seen[f"{name}_sum"] - 99.0315) < 1e-9
        assert sum(sample.startswith(f"{name}_bucket") for sample in seen) == len(SECONDS) + 1


async def test_two_daemons_of_one_process_count_for_themselves(short_dir: Path) -> None:
    """No registry is shared: the same names in two daemons are two numbers."""
    one, other = short_dir / "1", short_dir / "2"
    one.mkdir()
    other.mkdir()
    async with (
        open_house(one) as first,
        open_house(other) as second,
        serving(one, routes=metrics_routes(first.hub, VERSIONS)) as served,
    ):
        first.hub.tally.inputs_taken = 1
        second.hub.tally.inputs_taken = 5
        metrics_routes(second.hub, VERSIONS)
        assert (await scraped(served))["orchestra_inputs_total"] == 1


async def test_only_who_may_reads_them(short_dir: Path) -> None:
    """Without a credential 401, without the permission 403, from a query never; a scraper can do nothing else."""
    async with open_house(short_dir) as house, serving(short_dir, routes=metrics_routes(house.hub, VERSIONS)) as served:
        async with served.client() as nobody:
            assert (await nobody.get("/metrics")).status_code == 401
            assert (await nobody.get(f"/metrics?token={served.token(SCRAPER)}")).status_code == 401
        for role, status in ((Role.VIEWER, 403), (Role.DEVELOPER, 403), (Role.ADMIN, 200), (Role.SCRAPER, 200)):
            async with served.client(served.bearer(ROLE_PERMISSIONS[role])) as client:
                assert (await client.get("/metrics")).status_code == status, role
        assert frozenset({Permission.METRICS_READ}) == SCRAPER


async def test_reading_names_nobody(short_dir: Path) -> None:
    """No person, agent, session or text of a screen is in the answer."""
    async with open_house(short_dir) as house, serving(short_dir, routes=metrics_routes(house.hub, VERSIONS)) as served:
        agent = await house.spawn("sh")
        await house.hub.pane(agent.session_id).type_whole(b"echo con''fidential\n", is_exact=False)
        await until(lambda: "confidential" in house.text(agent), "the echo")
        async with served.client(served.bearer(SCRAPER)) as client:
            told = (await client.get("/metrics")).text
        for secret in (agent.id, agent.session_id, agent.owner, agent.name, "confidential", str(short_dir)):
            assert secret not in told
