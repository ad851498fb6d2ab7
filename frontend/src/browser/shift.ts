/** Finds rows that only moved, so that a painter copies pixels instead of drawing text again. */

import type { Line } from "../core";

/** Rows `first` up to `last` show what rows `first + by` up to `last + by` showed. */
export interface Shift {
  readonly first: number;
  readonly last: number;
  readonly by: number;
}

/** Fewer moved rows than this are drawn. */
const MIN_ROWS = 3;

/** Returns the longest block of rows that moved together; null when there is none worth copying. */
export function findShift(painted: readonly number[], lines: readonly Line[]): Shift | null {
  const rowOf = new Map<number, number>();
  for (const [row, version] of painted.entries()) if (version >= 0) rowOf.set(version, row);
  let best: Shift | null = null;
  for (let first = 0; first < lines.length; ) {
    const by = movedBy(rowOf, lines, first);
    let last = first + 1;
    while (last < lines.length && movedBy(rowOf, lines, last) === by) last += 1;
    if (by !== null && by !== 0 && last - first > (best === null ? MIN_ROWS - 1 : best.last - best.first)) {
      best = { first, last, by };
    }
    first = last;
  }
  return best;
}

/** How many rows further down the row was painted; null when it was not. */
function movedBy(rowOf: ReadonlyMap<number, number>, lines: readonly Line[], row: number): number | null {
  const version = lines[row]?.version;
  const was = version === undefined ? undefined : rowOf.get(version);
  return was === undefined ? null : was - row;
}
