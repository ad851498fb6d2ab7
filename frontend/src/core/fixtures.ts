/** Short ways to say frames and screens in tests. */

import type { Frame, Op } from "./frame";
import type { Run } from "./line";
import { Screen } from "./screen";
import { DEFAULT_STYLE, type Style } from "./style";

export function textRun(text: string, style: Style = DEFAULT_STYLE): Run {
  return { kind: "text", style, text };
}

export function wideRun(...cells: string[]): Run {
  return { kind: "cells", style: DEFAULT_STYLE, cells, width: 2 };
}

export function rowOp(row: number, column: number, ...runs: Run[]): Op {
  return { kind: "row", row, column, runs };
}

export function keyframe(rows: number, columns: number, ...ops: Op[]): Frame {
  return { pane: 1, epoch: 1, base: 0, seq: 1, ops: [{ kind: "size", rows, columns }, ...ops] };
}

export function delta(base: number, ...ops: Op[]): Frame {
  return { pane: 1, epoch: 1, base, seq: base + 1, ops };
}

/** A screen made by one keyframe. */
export function screenOf(rows: number, columns: number, ...ops: Op[]): Screen {
  const screen = new Screen();
  screen.apply(keyframe(rows, columns, ...ops));
  return screen;
}
