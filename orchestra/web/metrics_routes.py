"""`/metrics` in the Prometheus text format: what the hub's tally and agents say at the moment they are asked for.

Nothing is kept here, and no default registry is used: two daemons in one process do not count for each other. No label
names a person, an agent or a session.
"""

import platform
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from typing import Final

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from orchestra.access import Permission
from orchestra.agents import AgentState
from orchestra.runtime.histogram import Histogram
from orchestra.runtime.hub import Hub
from orchestra.runtime.tally import Tally
from orchestra.web.call import Answer, Call
from orchestra.web.route import Route

__all__ = ["metrics_routes"]

TEXT_FORMAT: Final = "text/plain; version=0.0.4; charset=utf-8"
RESYNC_REASONS: Final = ("checksum", "stale", "bounds")
ENCODINGS: Final = ("cells", "ansi")


def metrics_routes(hub: Hub, versions: Mapping[str, str]) -> list[Route]:
    """Return the one route; `versions` are of what the daemon consists of, by name."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_HubCollector(hub, versions))
    ProcessCollector(registry=registry)

    async def metrics(_call: Call) -> Answer:
        return Answer(body=generate_latest(registry), media_type=TEXT_FORMAT)

    return [
        Route(
            "GET",
            "/metrics",
            Permission.METRICS_READ,
            metrics,
            summary="What the daemon does, for Prometheus",
            answer=str,
            media_type="text/plain",
        )
    ]


class _HubCollector(Collector):
    """Reads a hub when it is asked."""

    def __init__(self, hub: Hub, versions: Mapping[str, str]) -> None:
        self._hub = hub
        self._versions = {**versions, "python": platform.python_version()}

    def collect(self) -> Iterator[Metric]:
        yield _labelled("orchestra_build", "What the daemon consists of.", self._versions)
        yield from _now(self._hub)
        yield from _frames(self._hub.tally)
        yield from _faults(self._hub.tally)
        yield from _inputs(self._hub.tally)


def _now(hub: Hub) -> Iterator[Metric]:
    yield GaugeMetricFamily("orchestra_viewers", "Connections that watch or type.", hub.tally.viewers)
    panes = GaugeMetricFamily("orchestra_panes", "Terminals by their agent's state.", labels=["state"])
    states = Counter(agent.state for agent in hub.agents.values())
    for state in AgentState:
        panes.add_metric([state.value], states[state])
    yield panes


def _frames(tally: Tally) -> Iterator[Metric]:
    yield _counter("orchestra_pictures", "Pictures taken of all terminals.", tally.pictures)
    yield _counter(
        "orchestra_frames_made", "Frames and texts encoded, each once for all that get it.", tally.frames_made
    )
    sent = CounterMetricFamily("orchestra_frames_sent", "Frames and texts sent.", labels=["encoding", "kind"])
    sent.add_metric(["cells", "delta"], tally.cell_deltas)
    sent.add_metric(["cells", "keyframe"], tally.cell_keyframes)
    sent.add_metric(["ansi", "delta"], tally.text_deltas)
    sent.add_metric(["ansi", "keyframe"], tally.text_keyframes)
    yield sent
    yield _counter("orchestra_sent_bytes", "Messages to viewers, without their WebSocket heads.", tally.sent_bytes)
    yield _histogram("orchestra_frame_age_seconds", "From a change to the frame that shows it.", tally.frame_age_s)


def _faults(tally: Tally) -> Iterator[Metric]:
    yield _counter("orchestra_checksum_mismatches", "Viewers that found their screen wrong.", tally.resyncs["checksum"])
    about = "Keyframes that viewers asked for because they had lost their place."
    yield _by("orchestra_resyncs", about, "reason", RESYNC_REASONS, tally.resyncs)
    about = "Frames that --verify-frames found wrong and replaced."
    yield _by("orchestra_model_mismatches", about, "encoding", ENCODINGS, tally.model_mismatches)
    yield _counter("orchestra_window_full", "Changes that waited for acknowledgements.", tally.window_full)


def _inputs(tally: Tally) -> Iterator[Metric]:
    yield _counter("orchestra_inputs", "Keys, pastes and messages taken.", tally.inputs_taken)
    codes = sorted(tally.inputs_refused)
    yield _by("orchestra_inputs_refused", "Input not taken, or lost.", "code", codes, tally.inputs_refused)
    yield _histogram("orchestra_input_write_seconds", "From an input to its last byte written.", tally.input_write_s)


def _labelled(name: str, about: str, labels: Mapping[str, str]) -> Metric:
    family = GaugeMetricFamily(f"{name}_info", about, labels=list(labels))
    family.add_metric(list(labels.values()), 1)
    return family


def _counter(name: str, about: str, value: float) -> Metric:
    return CounterMetricFamily(name, about, value)


def _by(name: str, about: str, label: str, keys: Iterable[str], counted: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(name, about, labels=[label])
    for key in keys:
        family.add_metric([key], counted.get(key, 0))
    return family


def _histogram(name: str, about: str, seen: Histogram) -> Metric:
    bounds = [*map(floatToGoString, seen.bounds), "+Inf"]
    buckets = list(zip(bounds, accumulate(seen.counts), strict=True))
    return HistogramMetricFamily(name, about, buckets=buckets, sum_value=seen.total)
