"""Daemons for the tests of the whole: one that many tests share, and fresh ones for those that break it."""

from collections.abc import Iterator

import pytest

from tests.end_to_end.daemon import Daemon, fresh_daemon


@pytest.fixture(scope="module")
def daemon() -> Iterator[Daemon]:
    """Give a running daemon that all tests of a file share; none of them may end it."""
    with fresh_daemon() as running:
        yield running.start()


@pytest.fixture
def own_daemon() -> Iterator[Daemon]:
    """Give a daemon of the test's own, not started yet."""
    with fresh_daemon() as running:
        yield running
