"""Programs that print as fast as the terminal takes it, and end by themselves whatever becomes of the one who measures.

Not `yes`: its picture never changes.
"""

__all__ = ["BASE64", "SEQ", "bounded"]

SEQ = "seq 1 1000000000"
BASE64 = "base64 /dev/urandom"


def bounded(program: str, seconds: float) -> str:
    """Return a shell line that runs `program` in the foreground for `seconds` at most."""
    return f"timeout --foreground {seconds:g} {program}"
