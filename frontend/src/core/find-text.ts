/** Where a line holds a text: the daemon's rule of searching, in columns of cells. */

import { type Line, RIGHT_HALF } from "./line";

/** Columns `from` up to but not including `to`. */
export interface TextSpan {
  readonly from: number;
  readonly to: number;
}

/** Capitals count only where `text` has some; it is no pattern; spans do not overlap; the empty text is nowhere. */
export function findText(line: Line, text: string): readonly TextSpan[] {
  if (text === "") return [];
  const exact = text !== text.toLowerCase();
  const found: TextSpan[] = [];
  const { joined, columns } = joinedCells(line, exact);
  for (let at = joined.indexOf(text); at >= 0; at = joined.indexOf(text, at + text.length)) {
    const from = columns[at] ?? 0;
    let to = (columns[at + text.length - 1] ?? from) + 1;
    if (line.texts[to] === RIGHT_HALF) to += 1;
    found.push({ from, to });
  }
  return found;
}

/** A line's text and, for each of its UTF-16 units, the column that it came from. */
function joinedCells(line: Line, exact: boolean): { joined: string; columns: readonly number[] } {
  const columns: number[] = [];
  let joined = "";
  for (const [column, text] of line.texts.entries()) {
    const part = exact ? text : text.toLowerCase();
    for (let unit = 0; unit < part.length; unit += 1) columns.push(column);
    joined += part;
  }
  return { joined, columns };
}
