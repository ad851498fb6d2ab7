"""The whole terminal: modes, titles, character sets and answers on top of printing, moving and editing."""

from typing import Final

from orchestra.screen.editing import Editing
from orchestra.screen.mode import INPUT_MODES
from orchestra.screen.report import DARK_THEME, PRIMARY_ATTRIBUTES, SECONDARY_ATTRIBUTES, TERMINAL_NAME
from orchestra.screen.snapshot import MAX_TITLE_CHARACTERS

__all__ = ["Terminal"]

MAX_LINK_CHARACTERS: Final = 2083  # what VTE and Windows take; longer targets are not kept
MAX_SHAPE: Final = 6
# DECSET number -> attribute of Switches
_SWITCHES: Final = {6: "origin", 7: "autowrap", 25: "cursor_visible", 2026: "synchronized"}
_ANSI_SWITCHES: Final = {4: "insert", 20: "linefeed_newline"}
_ALTERNATE: Final = frozenset({47, 1047, 1049})


class Terminal(Editing):
    """Everything that a parser drives. Owned by one emulator.

    Methods named in `pyte.Stream.events` keep pyte's signatures, take any further arguments and never raise.
    """

    # --- rendition and character sets ---

    def render(self, parameters: str) -> None:
        """SGR with the parameters as they came."""
        self.style = self.renditions[self.style, parameters]

    def select_graphic_rendition(self, *attrs: int, **private: object) -> None:
        """SGR with numbers, as pyte's stream calls it."""
        if not private:
            self.render(";".join(map(str, attrs)))

    def set_link(self, target: str) -> None:
        """OSC 8: what is printed from now on points to `target`; empty or too long: to nothing."""
        link = target if target and len(target) <= MAX_LINK_CHARACTERS and target.isprintable() else None
        self._set_style(self.style.linked(link))

    def define_charset(self, code: str, mode: str = "(", *_: object) -> None:
        """SCS: `0` is line drawing, all else Unicode."""
        self.charsets["()".find(mode) & 1] = code
        self._select_charset(self.active_charset)

    def shift_in(self, *_: object) -> None:
        """SI: G0."""
        self._select_charset(0)

    def shift_out(self, *_: object) -> None:
        """SO: G1."""
        self._select_charset(1)

    def _select_charset(self, index: int) -> None:
        self.active_charset = index
        self.is_drawing = self.charsets[index] == "0"

    # --- modes ---

    def set_mode(self, *modes: int, private: bool = False, **_: object) -> None:
        """SM, DECSET."""
        for mode in modes:
            self._switch(mode, is_private=private, to=True)

    def reset_mode(self, *modes: int, private: bool = False, **_: object) -> None:
        """RM, DECRST."""
        for mode in modes:
            self._switch(mode, is_private=private, to=False)

    def _switch(self, mode: int, *, is_private: bool, to: bool) -> None:
        if not is_private:
            if mode in _ANSI_SWITCHES:
                setattr(self.switches, _ANSI_SWITCHES[mode], to)
        elif mode in INPUT_MODES:
            bit = INPUT_MODES[mode]
            self.input_modes = self.input_modes | bit if to else self.input_modes & ~bit
        elif mode in _SWITCHES:
            setattr(self.switches, _SWITCHES[mode], to)
            if mode == 6:  # noqa: PLR2004
                self.cursor_position()
            elif not self.switches.autowrap:
                self._unwrap()
        elif mode in _ALTERNATE:
            self._show(mode, is_alternate=to)
        elif mode == 3:  # noqa: PLR2004 - the size is tmux's to choose; clearing is what is left of DECCOLM
            self.erase_in_display(2)
            self.cursor_position()
        elif mode == 1048:  # noqa: PLR2004
            (self.save_cursor if to else self.restore_cursor)()

    def _show(self, mode: int, *, is_alternate: bool) -> None:
        """Change screens: 1049 saves and restores the cursor and clears on the way in, 1047 clears on the way out."""
        if is_alternate == self.is_alternate:
            return
        saves = mode == 1049  # noqa: PLR2004
        if is_alternate:
            if saves:
                self.save_cursor()
            self.grid = self.alternate
            if saves:
                self.grid.erase(0, self.lines, self.blank)
            return
        if mode == 1047:  # noqa: PLR2004
            self.grid.erase(0, self.lines, self.blank)
        self.grid = self.primary
        if saves:
            self._restore()

    def mode_state(self, mode: int, *, is_private: bool) -> bool | None:
        """Return whether a mode is on, None when it is not known here."""
        if not is_private:
            name = _ANSI_SWITCHES.get(mode)
            return None if name is None else bool(getattr(self.switches, name))
        if mode in INPUT_MODES:
            return bool(self.input_modes & INPUT_MODES[mode])
        if mode in _ALTERNATE:
            return self.is_alternate
        name = _SWITCHES.get(mode)
        return None if name is None else bool(getattr(self.switches, name))

    def set_keypad(self, *, is_application: bool) -> None:
        """DECKPAM, DECKPNM."""
        self._switch(66, is_private=True, to=is_application)

    def set_cursor_shape(self, shape: int = 0, *_: object) -> None:
        """DECSCUSR."""
        if shape <= MAX_SHAPE:
            self.shape = shape

    # --- titles, bell ---

    def set_title(self, param: str) -> None:
        """OSC 0, 2: what cannot be printed is left out."""
        self.title = "".join(filter(str.isprintable, param))[:MAX_TITLE_CHARACTERS]

    def set_icon_name(self, param: str) -> None:
        """OSC 0, 1."""
        self.icon_name = "".join(filter(str.isprintable, param))[:MAX_TITLE_CHARACTERS]

    def bell(self, *_: object) -> None:
        """BEL."""
        self.bell_count += 1

    # --- answers ---

    def write_process_input(self, data: str) -> None:
        """Keep an answer until it is taken."""
        self.replies.add(data)

    def report_device_attributes(self, mode: int = 0, *_: object, **private: object) -> None:
        """DA1."""
        if not mode and not private:
            self.replies.add(PRIMARY_ATTRIBUTES)

    def report_secondary_attributes(self, mode: int = 0, *_: object) -> None:
        """DA2."""
        if not mode:
            self.replies.add(SECONDARY_ATTRIBUTES)

    def report_name(self, mode: int = 0, *_: object) -> None:
        """XTVERSION."""
        if not mode:
            self.replies.add(TERMINAL_NAME)

    def report_device_status(self, mode: int = 0, *_: object, private: bool = False) -> None:
        """DSR: 5 status, 6 cursor; with a question mark also 996, whether the theme is dark."""
        if mode == 5 and not private:  # noqa: PLR2004
            self.replies.add("\x1b[0n")
        elif mode == 6:  # noqa: PLR2004
            top = self.top if self.switches.origin else 0
            self.replies.position(self.y - top + 1, min(self.x, self.columns - 1) + 1, is_private=private)
        elif mode == 996 and private:  # noqa: PLR2004
            self.replies.add(DARK_THEME)

    def report_mode(self, mode: int = 0, *_: object, private: bool = False) -> None:
        """DECRQM."""
        self.replies.mode(mode, self.mode_state(mode, is_private=private), is_private=private)
