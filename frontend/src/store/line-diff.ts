/** Which lines of a text go and which come, for a person to read. */

export interface DiffLine {
  readonly mark: "+" | "-" | " ";
  readonly text: string;
}

/** Lines around a change that are shown as they stay. */
export const CONTEXT_LINES = 3;
/** Beyond so many pairs of lines the middle is told as removed and added whole: comparing takes their product. */
export const MAX_PAIRS = 250_000;

/** The lines of both texts, marked; of what stays only what is near a change. */
export function lineDiff(before: string, after: string): readonly DiffLine[] {
  return nearChanges(aligned(linesOf(before), linesOf(after)));
}

function linesOf(text: string): readonly string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

function marked(mark: DiffLine["mark"], lines: readonly string[]): readonly DiffLine[] {
  return lines.map((text) => ({ mark, text }));
}

function aligned(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return [
    ...marked(" ", before.slice(0, head)),
    ...middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...marked(" ", before.slice(before.length - tail)),
  ];
}

/** By the longest common subsequence. */
function middle(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  if (before.length * after.length > MAX_PAIRS) return [...marked("-", before), ...marked("+", after)];
  const lengths = commonLengths(before, after);
  const lines: DiffLine[] = [];
  let row = 0;
  let column = 0;
  while (row < before.length || column < after.length) {
    const gone = before[row];
    const came = after[column];
    if (gone !== undefined && gone === came) {
      lines.push({ mark: " ", text: gone });
      row += 1;
      column += 1;
    } else if (gone !== undefined && (came === undefined || below(lengths, row, column))) {
      lines.push({ mark: "-", text: gone });
      row += 1;
    } else {
      lines.push({ mark: "+", text: came ?? "" });
      column += 1;
    }
  }
  return lines;
}

/** Whether more is common when the line of the text before is left out. */
function below(lengths: readonly Uint32Array[], row: number, column: number): boolean {
  return (lengths[row + 1]?.[column] ?? 0) >= (lengths[row]?.[column + 1] ?? 0);
}

/** How many lines the rests from each pair of lines on have in common. */
function commonLengths(before: readonly string[], after: readonly string[]): readonly Uint32Array[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  for (let row = before.length - 1; row >= 0; row -= 1)
    for (let column = after.length - 1; column >= 0; column -= 1) {
      const same = before[row] === after[column];
      const here = same
        ? (lengths[row + 1]?.[column + 1] ?? 0) + 1
        : Math.max(lengths[row + 1]?.[column] ?? 0, lengths[row]?.[column + 1] ?? 0);
      (lengths[row] as Uint32Array)[column] = here;
    }
  return lengths;
}

function nearChanges(lines: readonly DiffLine[]): readonly DiffLine[] {
  const near = new Uint8Array(lines.length);
  for (const [place, { mark }] of lines.entries())
    if (mark !== " ") near.fill(1, Math.max(0, place - CONTEXT_LINES), place + CONTEXT_LINES + 1);
  return lines.filter((_, place) => near[place] === 1);
}
