"""What comes and goes leaves nothing behind."""

import psutil

from tests.end_to_end.daemon import Daemon, wait_for


def test_agents_that_went_leave_no_process_and_no_descriptor(daemon: Daemon) -> None:
    """Agents that were spawned, stopped and removed leave the daemon with the children and descriptors it had."""
    process = psutil.Process(daemon.pid)
    daemon.end(daemon.spawn())
    children, descriptors = len(process.children(recursive=True)), process.num_fds()
    for _ in range(5):
        daemon.end(daemon.spawn())
    wait_for(lambda: len(process.children(recursive=True)) <= children, "no more children than before", 3)
    wait_for(lambda: process.num_fds() <= descriptors + 1, "no more descriptors than before", 3)
