/** Binary messages (protocol 1.3, 1.4): from bytes to frames. Total: what is wrong comes back as a value. */

import { decode } from "@msgpack/msgpack";
import { Line, type Run } from "./line";
import { DEFAULT_STYLE, parseStyle, type Style } from "./style";

export const MIN_ROWS = 2;
export const MAX_ROWS = 500;
export const MIN_COLUMNS = 2;
export const MAX_COLUMNS = 1000;
export const MAX_TITLE_CHARACTERS = 256;
export const MAX_CURSOR_SHAPE = 6;

export type Op =
  | { readonly kind: "size"; readonly rows: number; readonly columns: number }
  | { readonly kind: "scroll"; readonly top: number; readonly bottom: number; readonly by: number }
  | { readonly kind: "row"; readonly row: number; readonly column: number; readonly runs: readonly Run[] }
  | {
      readonly kind: "cursor";
      readonly row: number;
      readonly column: number;
      readonly visible: boolean;
      readonly shape: number;
    }
  | { readonly kind: "modes"; readonly bits: number }
  | { readonly kind: "title"; readonly text: string }
  | { readonly kind: "bell"; readonly count: number }
  | { readonly kind: "checksum"; readonly crc: number };

/** Turns snapshot `base` of a pane into snapshot `seq`; `base` 0 is a keyframe. */
export interface Frame {
  readonly pane: number;
  readonly epoch: number;
  readonly base: number;
  readonly seq: number;
  readonly ops: readonly Op[];
}

export interface Envelope {
  readonly type: "envelope";
  readonly tick: number;
  /** Pane to the seq of its newest input that was written. */
  readonly acks: ReadonlyMap<number, number>;
  readonly frames: readonly Frame[];
}

export interface EnvelopeFault {
  readonly type: "fault";
  readonly code:
    | "not_msgpack"
    | "bad_packing"
    | "bad_envelope"
    | "bad_frame"
    | "bad_style"
    | "bad_op"
    | "bad_run";
  readonly detail: string;
}

/** Thrown and caught inside this file only. */
class Malformed extends Error {
  readonly code: EnvelopeFault["code"];

  constructor(code: EnvelopeFault["code"], detail: string) {
    super(detail);
    this.code = code;
  }
}

/** Decodes one binary message of the server. */
export function decodeEnvelope(bytes: Uint8Array): Envelope | EnvelopeFault {
  let value: unknown;
  try {
    value = decode(bytes);
  } catch (error) {
    return { type: "fault", code: "not_msgpack", detail: String(error) };
  }
  return guarded(() => parseEnvelope(value));
}

/** Decodes one frame that travels alone (golden vectors, recordings). */
export function decodeFrame(bytes: Uint8Array): Frame | EnvelopeFault {
  let value: unknown;
  try {
    value = decode(bytes);
  } catch (error) {
    return { type: "fault", code: "not_msgpack", detail: String(error) };
  }
  return frameOfValue(value);
}

/** Reads a frame from its MessagePack value. */
export function frameOfValue(value: unknown): Frame | EnvelopeFault {
  return guarded(() => parseFrame(value));
}

/**
 * Parses a history row of `GET /api/sessions/{id}/scrollback`: runs with their styles written out.
 * The line is as long as its runs, or `columns`, whichever is more.
 */
export function parseHistoryRow(value: unknown, columns: number): Line | EnvelopeFault {
  return guarded(() => {
    const runs = list(value, "bad_run", "a row").map((run) => parseRun(run, writtenOutStyle));
    const width = runs.reduce((sum, run) => sum + runColumns(run), 0);
    const line = new Line(Math.max(columns, width, 1), 0);
    line.write(0, runs);
    return line;
  });
}

function guarded<T>(parse: () => T): T | EnvelopeFault {
  try {
    return parse();
  } catch (error) {
    if (error instanceof Malformed) return { type: "fault", code: error.code, detail: error.message };
    throw error;
  }
}

function parseEnvelope(value: unknown): Envelope {
  const [tick, acks, frames] = list(value, "bad_envelope", "an envelope");
  if (!isNatural(tick)) throw new Malformed("bad_envelope", "tick is not a natural number");
  return {
    type: "envelope",
    tick,
    acks: parseAcks(acks),
    frames: list(frames, "bad_envelope", "frames").map(parseFrame),
  };
}

function parseAcks(value: unknown): ReadonlyMap<number, number> {
  const acks = new Map<number, number>();
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Malformed("bad_envelope", "acks is not a map");
  }
  for (const [key, seq] of Object.entries(value)) {
    const pane = Number(key);
    if (!isNatural(pane) || !isNatural(seq)) throw new Malformed("bad_envelope", "acks holds no numbers");
    acks.set(pane, seq);
  }
  return acks;
}

function parseFrame(value: unknown): Frame {
  const [pane, epoch, base, seq, styles, ops] = list(value, "bad_frame", "a frame");
  if (!isNatural(pane) || !isNatural(epoch) || !isNatural(base) || !isNatural(seq)) {
    throw new Malformed("bad_frame", "pane, epoch, base and seq are not all natural numbers");
  }
  const table = list(styles, "bad_frame", "styles").map(writtenOutStyle);
  const styleAt = (index: unknown): Style => {
    const style = typeof index === "number" ? table[index] : undefined;
    if (style === undefined) throw new Malformed("bad_run", `there is no style ${String(index)}`);
    return style;
  };
  const parsed = list(ops, "bad_frame", "ops").map((op) => parseOp(op, styleAt));
  if (base === 0 && parsed[0]?.kind !== "size")
    throw new Malformed("bad_frame", "a keyframe starts with SIZE");
  return { pane, epoch, base, seq, ops: parsed };
}

function writtenOutStyle(value: unknown): Style {
  const style = parseStyle(value);
  if (style === null) throw new Malformed("bad_style", "a style is malformed");
  return style;
}

function parseOp(value: unknown, styleAt: (index: unknown) => Style): Op {
  const op = list(value, "bad_op", "an operation");
  switch (op[0]) {
    case 0:
      return sizeOp(op);
    case 1:
      return scrollOp(op);
    case 2:
      return rowOp(op, styleAt);
    case 3:
      return cursorOp(op);
    case 4:
      return { kind: "modes", bits: natural(op[1], "modes") };
    case 5:
      return titleOp(op);
    case 6:
      return { kind: "bell", count: natural(op[1], "bell") };
    case 7:
      return { kind: "checksum", crc: natural(op[1], "checksum") };
    default:
      throw new Malformed("bad_op", `there is no operation ${String(op[0])}`);
  }
}

function sizeOp(op: readonly unknown[]): Op {
  const rows = natural(op[1], "rows");
  const columns = natural(op[2], "columns");
  if (rows < MIN_ROWS || rows > MAX_ROWS || columns < MIN_COLUMNS || columns > MAX_COLUMNS) {
    throw new Malformed("bad_op", `a screen cannot have ${rows} rows and ${columns} columns`);
  }
  return { kind: "size", rows, columns };
}

function scrollOp(op: readonly unknown[]): Op {
  const by = op[3];
  if (!Number.isSafeInteger(by)) throw new Malformed("bad_op", "scroll goes by no whole number");
  return { kind: "scroll", top: natural(op[1], "top"), bottom: natural(op[2], "bottom"), by: by as number };
}

function rowOp(op: readonly unknown[], styleAt: (index: unknown) => Style): Op {
  const runs = list(op[3], "bad_op", "runs").map((run) => parseRun(run, styleAt));
  return { kind: "row", row: natural(op[1], "row"), column: natural(op[2], "column"), runs };
}

function cursorOp(op: readonly unknown[]): Op {
  const visible = op[3];
  const shape = natural(op[4], "shape");
  if (typeof visible !== "boolean" || shape > MAX_CURSOR_SHAPE)
    throw new Malformed("bad_op", "a cursor is malformed");
  return { kind: "cursor", row: natural(op[1], "row"), column: natural(op[2], "column"), visible, shape };
}

function titleOp(op: readonly unknown[]): Op {
  const text = op[1];
  if (typeof text !== "string") throw new Malformed("bad_op", "a title is not text");
  return { kind: "title", text: text.slice(0, MAX_TITLE_CHARACTERS * 2) };
}

function parseRun(value: unknown, styleAt: (index: unknown) => Style): Run {
  const [index, content, number] = list(value, "bad_run", "a run");
  const style = index === undefined ? DEFAULT_STYLE : styleAt(index);
  if (Array.isArray(content)) {
    if (number !== 1 && number !== 2) throw new Malformed("bad_run", "cells are one or two columns wide");
    if (!content.every(isCellText)) throw new Malformed("bad_run", "a cell is no text");
    return { kind: "cells", style, cells: content, width: number };
  }
  if (typeof content !== "string") throw new Malformed("bad_run", "a run has no text");
  if (number === undefined) return { kind: "text", style, text: content };
  if (!isNatural(number) || number === 0 || content === "")
    throw new Malformed("bad_run", "a repetition is malformed");
  return { kind: "repeat", style, text: content, count: Math.min(number, MAX_COLUMNS + 1) };
}

function runColumns(run: Run): number {
  switch (run.kind) {
    case "text":
      return Array.from(run.text).length;
    case "repeat":
      return run.count;
    case "cells":
      return run.cells.length * run.width;
  }
}

function list(value: unknown, code: EnvelopeFault["code"], what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Malformed(code, `${what} is not an array`);
  return value;
}

function natural(value: unknown, what: string): number {
  if (!isNatural(value)) throw new Malformed("bad_op", `${what} is not a natural number`);
  return value;
}

function isNatural(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isCellText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
