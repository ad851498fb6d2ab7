"""A command hook that notes what it was told and answers what it is told to: `python hook.py FOLDER`.

Whatever an agent's hook is for, it writes `FOLDER/seen/NUMBER.json`, waits as long as `FOLDER/answer/EVENT.hold`
exists, and prints `FOLDER/answer/EVENT.json`. A signal that would end it is noted first.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType

POLL_S = 0.01


def main() -> None:
    """Note, wait, answer."""
    begun = time.time()
    folder = Path(sys.argv[1])
    told = json.loads(sys.stdin.read())
    event = told["hook_event_name"]
    seen = folder / "seen" / f"{time.time_ns():020}-{os.getpid()}.json"
    note = {"event": event, "input": told, "environment": dict(os.environ), "begun_unix_s": begun, "ended": None}

    def write(ended: str | None) -> None:
        note.update(ended=ended, ended_unix_s=time.time())
        fresh = seen.with_suffix(".new")
        fresh.write_text(json.dumps(note))
        fresh.rename(seen)

    def stop(number: int, _frame: FrameType | None) -> None:
        write(signal.Signals(number).name)
        sys.exit(1)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)
    write(None)
    while (folder / "answer" / f"{event}.hold").exists():
        time.sleep(POLL_S)
    answer = folder / "answer" / f"{event}.json"
    if answer.exists():
        sys.stdout.write(answer.read_text())
        sys.stdout.flush()
    write("answered")


if __name__ == "__main__":
    main()
