/** The wheel in a full-screen program that does not ask for the mouse: it means the cursor keys, as in xterm. */

import { Mode } from "../core";

/** Rows that a wheel counting in lines or pages moves at a time. */
const LINES_A_PAGE = 10;
/** At most so many keys for one turn: a program should not be busy with a wheel for long. */
const MAX_KEYS = 10;

export type Turn = Pick<WheelEvent, "deltaY" | "deltaMode" | "shiftKey">;

/** Mutable; owned by one terminal. Keeps the part of a row that a smooth wheel has moved so far. */
export class WheelKeys {
  #rest = 0;

  /** The keys for one turn, "" when it was not a whole row yet. `rowPx` is the height of a row, CSS px. */
  take(turn: Turn, modes: number, rowPx: number): string {
    if (turn.deltaY === 0 || turn.shiftKey || rowPx <= 0) return "";
    const rows = rowsOf(turn, rowPx);
    if (Math.sign(rows) !== Math.sign(this.#rest)) this.#rest = 0;
    this.#rest += rows;
    const count = Math.min(MAX_KEYS, Math.floor(Math.abs(this.#rest)));
    this.#rest %= 1;
    const application = (modes & Mode.applicationCursor) !== 0;
    return `\x1b${application ? "O" : "["}${rows < 0 ? "A" : "B"}`.repeat(count);
  }
}

function rowsOf({ deltaY, deltaMode }: Turn, rowPx: number): number {
  if (deltaMode === 1) return deltaY;
  return deltaMode === 2 ? deltaY * LINES_A_PAGE : deltaY / rowPx;
}
