"""What is written down about who did what: the words, and one line of the trail. Pure."""

from orchestra.audit.action import Action, Outcome
from orchestra.audit.record import MAX_RECORD_BYTES, Record, decode, encode

__all__ = ["MAX_RECORD_BYTES", "Action", "Outcome", "Record", "decode", "encode"]
