"""Programs that print as fast as the terminal takes it, and end by themselves whatever becomes of the one who measures.

Not `yes`: its picture never changes.
"""

from pathlib import Path

__all__ = ["BASE64", "SEQ", "bounded", "gated"]

GATE_LOOKS = 600
SEQ = "seq 1 1000000000"
BASE64 = "base64 /dev/urandom"


def bounded(program: str, seconds: float) -> str:
    """Return a shell line that runs `program` in the foreground for `seconds` at most."""
    return f"timeout --foreground {seconds:g} {program}"


def gated(line: str, gate: Path) -> str:
    """Return a shell line that runs `line` once the file `gate` is there: so several begin at the same moment.

    It waits a minute at most, for the same reason as above.
    """
    return f"n=0; until [ -e {gate} ] || [ $((n += 1)) -gt {GATE_LOOKS} ]; do sleep 0.1; done; {line}"
