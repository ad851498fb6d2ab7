"""Bytes of a terminal's output, already decoded, to calls of a terminal's methods.

The state machine of Paul Williams (vt100.net/emu/dec_ansi_parser) with regular expressions for what is frequent. Total:
it takes any text, cut anywhere, never raises, ignores what it does not know, and holds at most `MAX_STRING_CHARACTERS`.
"""

import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Final, final

from orchestra.screen.dispatch import CONTROLS, ESCAPES, MARKED_SEQUENCES, SEQUENCES
from orchestra.screen.rendition import NEXT_SGR
from orchestra.screen.terminal import Terminal

__all__ = ["MAX_STRING_CHARACTERS", "Parser"]

MAX_STRING_CHARACTERS: Final = 8192  # of an OSC or DCS; a longer one is swallowed without effect
MAX_SEQUENCE_CHARACTERS: Final = 256  # parameters of a CSI; a longer one is swallowed without effect
MAX_JOINED_SEQUENCES: Final = 16  # renditions without text between them, looked up at once
MAX_STYLED_PIECES: Final = 1000  # taken at once
MAX_NUMBER: Final = 65535
MAX_REMEMBERED_NUMBERS: Final = 4096  # entries

_PARAMETERS: Final = rf"[0-9;:]{{0,{MAX_SEQUENCE_CHARACTERS}}}"
_BODY: Final = rf"([<=>?]?)({_PARAMETERS})([ -/]{{0,2}})"
# What tmux sends most: a rendition, often after a return to ASCII, and the text in it.
_STYLED: Final = rf"\x1b\[{_PARAMETERS}m[ -~]*"
_TOKEN: Final = re.compile(
    r"([ -~\xa0-\U0010ffff]+)"  # 1 text
    rf"|((?:(?:\x1b\(B)?{_STYLED}){{1,{MAX_STYLED_PIECES}}})"  # 2 styled text
    rf"|\x1b\[({_PARAMETERS})([@-~])"  # 3, 4 plain CSI
    r"|([\x07-\x0f])"  # 5 control
    rf"|\x1b\[{_BODY}([@-~])"  # 6..9 CSI with a private mark or intermediates
    r"|\x1b([ -/]{1,2}[0-~]|[0-OQ-WYZ\\`-jl-~])"  # 10 escape sequence
    r"|([\s\S])"  # 11 anything else, the beginning of a sequence among it
)
_TEXT, _STYLED_TEXT, _PLAIN, _CONTROL, _MARKED, _ESCAPE = 1, 2, 4, 5, 9, 10
_PIECES: Final = re.compile(
    rf"(\x1b\(B)?\x1b\[({_PARAMETERS}(?:{re.escape(NEXT_SGR)}{_PARAMETERS}){{0,{MAX_JOINED_SEQUENCES - 1}}})m([ -~]*)"
)
_SEQUENCE: Final = re.compile(_BODY)
_STRING_END: Final = re.compile("[\x07\x18\x1a\x1b]")
_OPENS_STRING: Final = frozenset("]P_^Xk")
_ESC: Final = "\x1b"
_CANCELS: Final = "\x18\x1a"


@final
class Parser:
    """Drives one terminal. Owned by one emulator."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._controls = {code: getattr(terminal, name) for code, name in CONTROLS.items()}
        self._escapes = {code: getattr(terminal, name) for code, name in ESCAPES.items()}
        self._escapes["="] = partial(terminal.set_keypad, is_application=True)
        self._escapes[">"] = partial(terminal.set_keypad, is_application=False)
        self._sequences: dict[str, Callable[..., None]] = {c: getattr(terminal, n) for c, n in SEQUENCES.items()}
        self._marked: dict[str, Callable[..., None]] = {
            code: partial(getattr(terminal, name), private=True) if is_private else getattr(terminal, name)
            for code, (name, is_private) in MARKED_SEQUENCES.items()
        }
        # Where a sequence stands that has begun and not ended; None between sequences.
        self._state: Callable[[str], None] | None = None
        self._collected = ""
        self._string_kind = ""
        self._is_string_too_long = False

    def feed(self, text: str) -> None:
        """Take the next piece of output."""
        position, length = 0, len(text)
        while position < length:
            if self._state is None:
                position = self._feed_ground(text, position)
            elif self._state == self._string:
                position = self._feed_string(text, position)
            else:
                self._state(text[position])
                position += 1

    def _feed_ground(self, text: str, position: int) -> int:
        """Take everything up to a sequence that needs the state machine; return where that begins."""
        terminal, controls, sequences = self._terminal, self._controls, self._sequences
        for token in _TOKEN.finditer(text, position):
            kind = token.lastindex
            if kind == _STYLED_TEXT:
                terminal.print_styled(_PIECES.findall(token.group()))
            elif kind == _TEXT:
                run = token.group()
                (terminal.print_narrow if run.isascii() else terminal.print_text)(run)
            elif kind == _PLAIN:
                action, numbers = sequences.get(token.group(4)), _numbers(token.group(3))
                if action is not None and numbers is not None:
                    action(*numbers)
            elif kind == _CONTROL:
                controls[token.group()]()
            elif kind == _MARKED:
                self._do_sequence(*token.group(6, 7, 8, 9))
            elif kind == _ESCAPE:
                self._do_escape(token.group(10))
            elif token.group() == _ESC:
                self._state, self._collected = self._escape, ""
                return token.end()
        return len(text)

    def _feed_string(self, text: str, position: int) -> int:
        """Take the body of a string up to what may end it; return where that is, after it is taken."""
        end = _STRING_END.search(text, position)
        stop = end.start() if end else len(text)
        room = MAX_STRING_CHARACTERS - len(self._collected)
        self._is_string_too_long |= stop - position > room
        self._collected += text[position : min(stop, position + room)]
        if end is None:
            return stop
        self._string(text[stop])
        return stop + 1

    # States. Each takes one character.

    def _escape(self, character: str) -> None:
        """After ESC, with intermediates in `_collected`."""
        if self._is_anywhere(character) or character > "~":
            return
        if character < "0":
            self._collected = (self._collected + character)[:3]
        elif not self._collected and character == "[":
            self._state = self._csi
        elif not self._collected and character in _OPENS_STRING:
            self._state, self._string_kind, self._is_string_too_long = self._string, character, False
        else:
            self._state = None
            self._do_escape(self._collected + character)

    def _csi(self, character: str) -> None:
        """After CSI, with everything up to here in `_collected`."""
        if self._is_anywhere(character) or character > "~":
            return
        if character < "@":
            self._collected = (self._collected + character)[: MAX_SEQUENCE_CHARACTERS + 4]
            return
        self._state = None
        body = _SEQUENCE.fullmatch(self._collected)
        if body is not None:
            self._do_sequence(body.group(1), body.group(2), body.group(3), character)

    def _string(self, character: str) -> None:
        """Inside OSC, DCS, APC, PM, SOS or a title; `character` may end it."""
        if character == _ESC:
            self._state = self._string_escape
        elif character in _CANCELS:
            self._state = None
        elif self._string_kind == "]":
            self._state = None
            self._do_string()

    def _string_escape(self, character: str) -> None:
        """After ESC inside a string: a backslash ends it, anything else abandons it."""
        if character == "\\":
            self._state = None
            self._do_string()
        else:
            self._state, self._collected = self._escape, ""
            self._escape(character)

    def _is_anywhere(self, character: str) -> bool:
        """Do what control characters do inside a sequence; return whether it was one."""
        if character >= " ":
            return False
        if character == _ESC:
            self._state, self._collected = self._escape, ""
        elif character in _CANCELS:
            self._state = None
        elif character in self._controls:
            self._controls[character]()
        return True

    # What a complete sequence does.

    def _do_escape(self, code: str) -> None:
        if code in self._escapes:
            self._escapes[code]()
        elif len(code) == 2 and code[0] in "()":  # noqa: PLR2004
            self._terminal.define_charset(code[1], code[0])

    def _do_sequence(self, mark: str, parameters: str, intermediates: str, letter: str) -> None:
        code = mark + intermediates
        if not code and letter == "m":
            self._terminal.render(parameters)
            return
        action = self._marked.get(code + letter) if code else self._sequences.get(letter)
        numbers = _numbers(parameters)
        if action is not None and numbers is not None:
            action(*numbers)

    def _do_string(self) -> None:
        body, self._collected = self._collected, ""
        if self._is_string_too_long:
            return
        if self._string_kind == "]":
            self._do_operating_system_command(body)
        elif self._string_kind == "P" and body in {"=1s", "=2s"}:  # the older form of synchronized updates
            self._terminal.switches.synchronized = body == "=1s"

    def _do_operating_system_command(self, body: str) -> None:
        number, _, text = body.partition(";")
        terminal = self._terminal
        if number == "0":
            terminal.set_icon_name(text)
            terminal.set_title(text)
        elif number == "1":
            terminal.set_icon_name(text)
        elif number == "2":
            terminal.set_title(text)
        elif number == "8":
            terminal.set_link(text.partition(";")[2])
        elif number in {"10", "11"} and text == "?":
            terminal.replies.colour(number)


@lru_cache(maxsize=MAX_REMEMBERED_NUMBERS)
def _numbers(parameters: str) -> tuple[int, ...] | None:
    """Return the numbers of a sequence, empty ones as 0; None when it has sub-parameters, which only SGR knows."""
    if not parameters:
        return ()
    if ":" in parameters:
        return None
    return tuple([min(int(part), MAX_NUMBER) if part else 0 for part in parameters.split(";")])
