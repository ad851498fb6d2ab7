/** Packed frames (protocol 1.6): from a sequence of MessagePack values back to the frame that was packed. Total. */

import { decodeMulti } from "@msgpack/msgpack";
import { type EnvelopeFault, type Frame, frameOfValue } from "./frame";

/** What the client holds of a pane. */
export interface Place {
  readonly epoch: number;
  readonly seq: number;
}

const ROW = 2;
/** How many fields follow the number of every other operation. */
const FIELDS: Readonly<Record<number, number>> = { 0: 2, 1: 3, 3: 4, 4: 1, 5: 1, 6: 1, 7: 1 };

/** Thrown and caught inside this file only. */
class Malformed extends Error {}

/** Returns the frame in `bytes`; null for one that builds on a picture when none is held. */
export function unpackFrame(
  bytes: Uint8Array,
  pane: number,
  held: Place | null,
): Frame | EnvelopeFault | null {
  let values: unknown[];
  try {
    values = [...decodeMulti(bytes)];
  } catch (error) {
    return { type: "fault", code: "not_msgpack", detail: String(error) };
  }
  const [gap, epoch, seq] = values;
  if (gap === 0) return unpacked(values, 3, (styles, ops) => [pane, epoch, 0, seq, styles, ops]);
  if (held === null) return null;
  return unpacked(values, 1, (styles, ops) => [
    pane,
    held.epoch,
    held.seq,
    // Anything but a natural number is found by whoever reads the frame.
    typeof gap === "number" ? held.seq + gap : gap,
    styles,
    ops,
  ]);
}

function unpacked(
  values: readonly unknown[],
  first: number,
  frameOf: (styles: readonly unknown[], ops: readonly unknown[]) => readonly unknown[],
): Frame | EnvelopeFault {
  const styles: unknown[] = [];
  try {
    return frameOfValue(frameOf(styles, readOps(values, first, styles)));
  } catch (error) {
    if (error instanceof Malformed) return { type: "fault", code: "bad_op", detail: error.message };
    throw error;
  }
}

/** Operations as an ordinary frame has them, in its order; collects the rows' styles. */
function readOps(values: readonly unknown[], first: number, styles: unknown[]): readonly unknown[] {
  const before: unknown[] = [];
  const after: unknown[] = [];
  let at = first;
  for (; at < values.length && values[at] !== ROW; ) {
    const kind = values[at];
    const fields = typeof kind === "number" ? FIELDS[kind] : undefined;
    if (kind === undefined || fields === undefined || at + fields >= values.length) {
      throw new Malformed(`there is no operation ${String(kind)}, or it is cut short`);
    }
    (Number(kind) < ROW ? before : after).push(values.slice(at, at + 1 + fields));
    at += 1 + fields;
  }
  return [...before, ...readRows(values, at + 1, styles), ...after];
}

function readRows(values: readonly unknown[], first: number, styles: unknown[]): readonly unknown[] {
  const rows: unknown[] = [];
  const numbers = new Map<unknown, number>();
  const numberOf = (style: unknown): number => {
    const known = numbers.get(style);
    if (known !== undefined) return known;
    numbers.set(style, styles.length);
    return styles.push(style) - 1;
  };
  for (let at = first; at < values.length; ) {
    const [row, column] = [values[at], values[at + 1]];
    const runs: unknown[] = [];
    let style = DEFAULT;
    at += 2;
    // A row ends before two numbers, the next row's place.
    while (at < values.length && !(isNumber(values[at]) && isNumber(values[at + 1]))) {
      if (isStyle(values[at])) {
        style = values[at] as readonly unknown[];
        at += 1;
      }
      const number = isNumber(values[at]) ? [values[at]] : [];
      at += number.length;
      if (at >= values.length) throw new Malformed("a run is cut short");
      runs.push([numberOf(style), values[at], ...number]);
      at += 1;
    }
    rows.push([ROW, row, column, runs]);
  }
  return rows;
}

const DEFAULT: readonly unknown[] = [];

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

/** A style begins with its flags; the cells of a run are texts. */
function isStyle(value: unknown): boolean {
  return Array.isArray(value) && typeof value[0] !== "string";
}
