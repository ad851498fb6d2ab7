/** One row of cells. A wide character's text stands in its left cell; its right cell's text is the empty string. */

import { DEFAULT_STYLE, type Style } from "./style";

export const BLANK = " ";
/** The text of the right half of a wide character. */
export const RIGHT_HALF = "";

/** Cells from `run.column` on, as a frame or a history row brings them (protocol 1.4). */
export type Run =
  | { readonly kind: "text"; readonly style: Style; readonly text: string }
  | { readonly kind: "repeat"; readonly style: Style; readonly text: string; readonly count: number }
  | {
      readonly kind: "cells";
      readonly style: Style;
      readonly cells: readonly string[];
      readonly width: 1 | 2;
    };

/** Mutable; owned by the one `Screen` or `HistoryPage` that holds it. Everyone else reads. */
export class Line {
  readonly texts: string[];
  readonly styles: Style[];
  /** Changes with every change of content; unique within a screen, so a painter compares numbers only. */
  version: number;

  constructor(columns: number, version: number) {
    this.texts = new Array<string>(columns).fill(BLANK);
    this.styles = new Array<Style>(columns).fill(DEFAULT_STYLE);
    this.version = version;
  }

  get columns(): number {
    return this.texts.length;
  }

  /** Text of a cell; `""` for the right half of a wide one and outside the line. */
  text(column: number): string {
    return this.texts[column] ?? RIGHT_HALF;
  }

  style(column: number): Style {
    return this.styles[column] ?? DEFAULT_STYLE;
  }

  /** Columns that the character at `column` covers: 0 for the right half of a wide one. */
  width(column: number): 0 | 1 | 2 {
    if (this.text(column) === RIGHT_HALF) return 0;
    return column + 1 < this.columns && this.texts[column + 1] === RIGHT_HALF ? 2 : 1;
  }

  /** All text, a wide character once, blanks as spaces, nothing trimmed. */
  toString(): string {
    return this.texts.join("");
  }

  /**
   * Writes runs from `column` on; a half of a wide character that is left alone becomes blank.
   * Returns the column after the last one, or null (with the line part-written) when they do not fit.
   */
  write(column: number, runs: readonly Run[]): number | null {
    if (column < 0 || column >= this.columns) return null;
    if (this.texts[column] === RIGHT_HALF && column > 0) this.texts[column - 1] = BLANK;
    let at: number | null = column;
    for (const run of runs) {
      at = this.#writeRun(at, run);
      if (at === null) return null;
    }
    if (at < this.columns && this.texts[at] === RIGHT_HALF && at > column) this.texts[at] = BLANK;
    return at;
  }

  #writeRun(column: number, run: Run): number | null {
    switch (run.kind) {
      case "text":
        return this.#writeText(column, run.text, run.style);
      case "repeat":
        return this.#writeRepeat(column, run.text, run.count, run.style);
      case "cells":
        return run.width === 1
          ? this.#writeNarrow(column, run.cells, run.style)
          : this.#writeWide(column, run.cells, run.style);
    }
  }

  #writeText(column: number, text: string, style: Style): number | null {
    let at = column;
    for (const character of text) {
      if (at >= this.columns) return null;
      this.texts[at] = character;
      this.styles[at] = style;
      at += 1;
    }
    return at;
  }

  #writeRepeat(column: number, text: string, count: number, style: Style): number | null {
    const end = column + count;
    if (end > this.columns) return null;
    this.texts.fill(text, column, end);
    this.styles.fill(style, column, end);
    return end;
  }

  #writeNarrow(column: number, cells: readonly string[], style: Style): number | null {
    const end = column + cells.length;
    if (end > this.columns) return null;
    let at = column;
    for (const cell of cells) {
      this.texts[at] = cell;
      this.styles[at] = style;
      at += 1;
    }
    return end;
  }

  #writeWide(column: number, cells: readonly string[], style: Style): number | null {
    const end = column + 2 * cells.length;
    if (end > this.columns) return null;
    let at = column;
    for (const cell of cells) {
      this.texts[at] = cell;
      this.texts[at + 1] = RIGHT_HALF;
      this.styles[at] = style;
      this.styles[at + 1] = style;
      at += 2;
    }
    return end;
  }
}
