/**
 * VT text for our own xterm.js: what turns the terminal that it was written to before into the screen as it is now.
 *
 * Rows are redrawn where they changed, with absolute positions and no wrapping. How wide a cell is never depends on
 * the terminal's tables: outside of a declaration every code point is one column, and `CSI > n w` declares that what
 * follows, up to the next escape sequence, is one single cell of n columns (see browser/cell-width.ts).
 */

import { BLANK, type Line, RIGHT_HALF } from "./line";
import { Mode, type Screen } from "./screen";
import { type Colour, DEFAULT_STYLE, Flag, RGB_BIT, type Style, sameStyle, underlineOf } from "./style";

const ESC = "\x1b";
const CSI = `${ESC}[`;
const ST = `${ESC}\\`;
const BEGIN_SYNCHRONIZED = `${CSI}?2026h`;
const END_SYNCHRONIZED = `${CSI}?2026l`;
/** Soft reset of what we rely on: no wrapping, no margins, no insert mode, no origin mode, default style, clear. */
const PREPARE = `${CSI}?7l${CSI}r${CSI}4l${CSI}?6l${CSI}0m${CSI}H${CSI}2J`;
const HIDE_CURSOR = `${CSI}?25l`;
const SHOW_CURSOR = `${CSI}?25h`;
/** Ends a declaration: code points are cells of one column again. */
const PLAIN_CELLS = `${CSI}>0w`;

const SGR_OF_FLAG: readonly (readonly [number, number])[] = [
  [Flag.bold, 1],
  [Flag.dim, 2],
  [Flag.italic, 3],
  [Flag.blink, 5],
  [Flag.reverse, 7],
  [Flag.hidden, 8],
  [Flag.strikethrough, 9],
  [Flag.overline, 53],
];

const PRIVATE_MODES: readonly (readonly [number, number])[] = [
  [Mode.applicationCursor, 1],
  [Mode.bracketedPaste, 2004],
  [Mode.focusEvents, 1004],
  [Mode.mouseX10, 9],
  [Mode.mousePress, 1000],
  [Mode.mouseDrag, 1002],
  [Mode.mouseMotion, 1003],
  [Mode.mouseSgr, 1006],
  [Mode.mouseUtf8, 1005],
];

/** Mutable; one per terminal, which must be written nothing else. Resize the terminal before writing an update. */
export class VtWriter {
  #rows = 0;
  #columns = 0;
  #versions: number[] = [];
  #modes = 0;
  #cursor = "";

  /** Forgets what the terminal shows: the next update redraws everything. */
  reset(): void {
    this.#rows = 0;
  }

  /** Returns the text to write in one go; "" when nothing changed. */
  update(screen: Screen): string {
    const { lines } = screen;
    if (lines.length === 0) return "";
    const anew = screen.rows !== this.#rows || screen.columns !== this.#columns;
    const modes = this.#modeText(screen.modes, anew);
    let text = anew ? PREPARE : "";
    if (anew) this.#start(screen);
    for (const [row, line] of lines.entries()) {
      if (this.#versions[row] === line.version) continue;
      this.#versions[row] = line.version;
      text += rowText(row, line);
    }
    const cursor = cursorText(screen);
    const moved = cursor !== this.#cursor;
    this.#cursor = cursor;
    if (text === "" && !moved) return modes;
    return BEGIN_SYNCHRONIZED + HIDE_CURSOR + text + modes + cursor + END_SYNCHRONIZED;
  }

  #start(screen: Screen): void {
    this.#rows = screen.rows;
    this.#columns = screen.columns;
    this.#versions = [];
  }

  #modeText(modes: number, anew: boolean): string {
    const changed = anew ? -1 : modes ^ this.#modes;
    this.#modes = modes;
    let text = "";
    if (changed & Mode.applicationKeypad) text += modes & Mode.applicationKeypad ? `${ESC}=` : `${ESC}>`;
    // What is switched off comes first: xterm.js has one mouse protocol, and switching any off ends it.
    for (const [bit, number] of PRIVATE_MODES)
      if (changed & bit && !(modes & bit)) text += `${CSI}?${number}l`;
    const mouseChanged = PRIVATE_MODES.some(([bit, number]) => isMouse(number) && changed & bit);
    for (const [bit, number] of PRIVATE_MODES) {
      if (modes & bit && (changed & bit || (mouseChanged && isMouse(number)))) text += `${CSI}?${number}h`;
    }
    return text;
  }
}

function isMouse(mode: number): boolean {
  return mode === 9 || (mode >= 1000 && mode <= 1006 && mode !== 1004);
}

function cursorText(screen: Screen): string {
  const { row, column, visible, shape } = screen.cursor;
  // One past the last column means a pending wrap, which no position can say; the last column looks the same.
  const at = Math.min(column, screen.columns - 1);
  return `${CSI}${row + 1};${at + 1}H${CSI}${shape} q${visible ? SHOW_CURSOR : HIDE_CURSOR}`;
}

/** Redraws one row: its cells up to the last one that is not blank, then erases the rest. */
function rowText(row: number, line: Line): string {
  const end = usedColumns(line);
  let text = `${CSI}${row + 1};1H${CSI}0m`;
  let style = DEFAULT_STYLE;
  for (let column = 0; column < end; ) {
    const cell = line.text(column);
    const width = line.width(column) || 1;
    const next = line.style(column);
    if (!sameStyle(style, next)) {
      text += styleText(style, next);
      style = next;
    }
    text += cellText(cell === RIGHT_HALF ? BLANK : cell, width);
    column += width;
  }
  if (style.link !== null) text += linkText(null);
  if (end < line.columns) text += `${CSI}0m${CSI}K`;
  return text;
}

function usedColumns(line: Line): number {
  let end = line.columns;
  while (end > 0 && line.text(end - 1) === BLANK && sameStyle(line.style(end - 1), DEFAULT_STYLE)) end -= 1;
  return end;
}

function cellText(cell: string, width: number): string {
  if (width === 1 && cell.length === 1) return harmless(cell);
  const first = cell.codePointAt(0) ?? 0;
  const single = cell.length === (first > 0xffff ? 2 : 1);
  if (width === 1 && single) return cell;
  return `${CSI}>${width}w${Array.from(cell, harmless).join("")}${PLAIN_CELLS}`;
}

/** No cell can hold a control character; if one ever did, it must not act. */
function harmless(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x20 || (code >= 0x7f && code < 0xa0) ? "\ufffd" : character;
}

function styleText(before: Style, after: Style): string {
  const link = before.link === after.link ? "" : linkText(after.link);
  return `${link}${CSI}0${sgr(after)}m`;
}

function sgr(style: Style): string {
  let text = "";
  for (const [flag, parameter] of SGR_OF_FLAG) if (style.flags & flag) text += `;${parameter}`;
  const underline = underlineOf(style);
  if (underline !== 0) text += `;4:${underline}`;
  text += colour(style.foreground, 30, 38) + colour(style.background, 40, 48);
  if (style.underlineColour !== null) text += extendedColour(style.underlineColour, 58);
  return text;
}

function colour(value: Colour, base: number, extended: number): string {
  if (value === null) return "";
  if (value < 8) return `;${base + value}`;
  if (value < 16) return `;${base + 60 + value - 8}`;
  return extendedColour(value, extended);
}

function extendedColour(value: number, parameter: number): string {
  if (value < RGB_BIT) return `;${parameter}:5:${value}`;
  return `;${parameter}:2::${(value >> 16) & 255}:${(value >> 8) & 255}:${value & 255}`;
}

function linkText(target: string | null): string {
  return `${ESC}]8;;${target === null ? "" : Array.from(target, withoutControls).join("")}${ST}`;
}

/** A control character in a target would end the OSC early. */
function withoutControls(character: string): string {
  return harmless(character) === character ? character : "";
}
