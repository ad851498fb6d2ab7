"""Which control function does what: the tables between the parser's grammar and the terminal's methods.

Names and letters: ECMA-48 and xterm's ctlseqs. What is not here is ignored.
"""

from typing import Final

__all__ = ["CONTROLS", "ESCAPES", "MARKED_SEQUENCES", "SEQUENCES"]

CONTROLS: Final = {
    "\x07": "bell",
    "\x08": "backspace",
    "\x09": "tab",
    "\x0a": "linefeed",
    "\x0b": "linefeed",
    "\x0c": "linefeed",
    "\x0d": "carriage_return",
    "\x0e": "shift_out",
    "\x0f": "shift_in",
}

# ESC, intermediates, final
ESCAPES: Final = {
    "7": "save_cursor",
    "8": "restore_cursor",
    "D": "index",
    "E": "next_line",
    "H": "set_tab_stop",
    "M": "reverse_index",
    "c": "reset",
    "#8": "alignment_display",
}

# CSI with numbers and a final
SEQUENCES: Final = {
    "@": "insert_characters",
    "A": "cursor_up",
    "B": "cursor_down",
    "C": "cursor_forward",
    "D": "cursor_back",
    "E": "cursor_down1",
    "F": "cursor_up1",
    "G": "cursor_to_column",
    "H": "cursor_position",
    "I": "tab_forward",
    "J": "erase_in_display",
    "K": "erase_in_line",
    "L": "insert_lines",
    "M": "delete_lines",
    "P": "delete_characters",
    "S": "scroll_up",
    "T": "scroll_down",
    "X": "erase_characters",
    "Z": "tab_back",
    "`": "cursor_to_column",
    "a": "cursor_forward",
    "b": "repeat",
    "c": "report_device_attributes",
    "d": "cursor_to_line",
    "e": "row_forward",
    "f": "cursor_position",
    "g": "clear_tab_stop",
    "h": "set_mode",
    "j": "cursor_back",
    "l": "reset_mode",
    "n": "report_device_status",
    "r": "set_margins",
    "s": "save_cursor",
    "u": "restore_cursor",
}

# CSI with a private mark, intermediates and a final -> method, whether it is told that it is private
MARKED_SEQUENCES: Final = {
    "?h": ("set_mode", True),
    "?l": ("reset_mode", True),
    "?n": ("report_device_status", True),
    ">c": ("report_secondary_attributes", False),
    ">q": ("report_name", False),
    "$p": ("report_mode", False),
    "?$p": ("report_mode", True),
    " q": ("set_cursor_shape", False),
    "!p": ("soft_reset", False),
    " @": ("scroll_left", False),
    " A": ("scroll_right", False),
    "'}": ("insert_columns", False),
    "'~": ("delete_columns", False),
}
