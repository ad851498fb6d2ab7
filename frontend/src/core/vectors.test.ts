import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeEnvelope, decodeFrame, type Frame, type Op } from "./frame";
import { Screen } from "./screen";
import { parseStyle, type Style } from "./style";

interface ScreenVector {
  rows: number;
  columns: number;
  styles: unknown[];
  cells: [string, number][][];
  text: string[];
  cursor: { row: number; column: number; visible: boolean; shape: number };
  modes: number;
  title: string;
  checksum: number;
}

interface FrameVector {
  name: string;
  base: ScreenVector | null;
  frame: string;
  pane: number;
  epoch: number;
  base_seq: number;
  seq: number;
  bells: number;
  expected: ScreenVector;
  is_checksum_right: boolean;
}

interface EnvelopeVector {
  name: string;
  envelope: string;
  tick: number;
  acks: Record<string, number>;
  frames: string[];
}

interface BrokenVector {
  name: string;
  base: ScreenVector;
  broken: string;
  held_epoch: number;
  held_seq: number;
  fault: "stale" | "bounds" | "checksum";
}

const file = new URL("../../../tests/vectors/frames.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as (FrameVector | EnvelopeVector | BrokenVector)[];
const frames = vectors.filter((vector): vector is FrameVector => "frame" in vector);
const brokens = vectors.filter((vector): vector is BrokenVector => "broken" in vector);
const envelopes = vectors.filter((vector): vector is EnvelopeVector => "envelope" in vector);

function bytesOf(hexadecimal: string): Uint8Array {
  return Uint8Array.from(hexadecimal.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

function frameOf(hexadecimal: string): Frame {
  const frame = decodeFrame(bytesOf(hexadecimal));
  if ("type" in frame) throw new Error(`${frame.code}: ${frame.detail}`);
  return frame;
}

function styleOf(value: unknown): Style {
  const style = parseStyle(value);
  if (style === null) throw new Error(`no style: ${JSON.stringify(value)}`);
  return style;
}

/** A screen that holds a vector's screen, as epoch and snapshot of the frame that is to follow. */
function held(vector: ScreenVector | null, frame: FrameVector): Screen {
  const seq = frame.base_seq === 0 ? frame.seq : frame.base_seq;
  return vector === null ? new Screen() : screenAt(vector, frame.epoch, seq);
}

function screenAt(vector: ScreenVector, epoch: number, seq: number): Screen {
  const screen = new Screen();
  const ops: Op[] = [{ kind: "size", rows: vector.rows, columns: vector.columns }];
  for (const [row, cells] of vector.cells.entries()) {
    for (const [column, [text, style]] of cells.entries()) {
      if (text === "") continue;
      const width = cells[column + 1]?.[0] === "" ? 2 : 1;
      const run = { kind: "cells", style: styleOf(vector.styles[style]), cells: [text], width } as const;
      ops.push({ kind: "row", row, column, runs: [run] });
    }
  }
  ops.push({ kind: "cursor", ...vector.cursor }, { kind: "modes", bits: vector.modes });
  ops.push({ kind: "title", text: vector.title }, { kind: "checksum", crc: vector.checksum });
  const result = screen.apply({ pane: 1, epoch, base: 0, seq, ops });
  expect(result).toMatchObject({ ok: true });
  return screen;
}

function cellsOf(screen: Screen) {
  return screen.lines.map((line) => line.texts.map((text, column) => [text, { ...line.style(column) }]));
}

function expectedCells(vector: ScreenVector) {
  return vector.cells.map((row) => row.map(([text, style]) => [text, { ...styleOf(vector.styles[style]) }]));
}

describe("golden vectors", () => {
  it("exist", () => {
    expect(frames.length).toBeGreaterThan(10);
    expect(envelopes.length).toBeGreaterThan(0);
  });

  it.each(frames)("$name: the frame turns what is held into what is expected", (vector) => {
    const screen = held(vector.base, vector);
    const frame = frameOf(vector.frame);
    expect([frame.pane, frame.epoch, frame.base, frame.seq]).toEqual([
      vector.pane,
      vector.epoch,
      vector.base_seq,
      vector.seq,
    ]);
    const result = screen.apply(frame);
    if (!vector.is_checksum_right) {
      expect(result).toMatchObject({ ok: false, fault: "checksum" });
      return;
    }
    expect(result).toMatchObject({ ok: true, bells: vector.bells });
    expect(cellsOf(screen)).toEqual(expectedCells(vector.expected));
    expect(screen.textRows()).toEqual(vector.expected.text);
    expect(screen.cursor).toEqual(vector.expected.cursor);
    expect([screen.modes, screen.title]).toEqual([vector.expected.modes, vector.expected.title]);
    expect(screen.checksum()).toBe(vector.expected.checksum);
  });

  it.each(brokens)("$name: the frame is refused, for its reason", (vector) => {
    const screen = screenAt(vector.base, vector.held_epoch, vector.held_seq);
    expect(screen.apply(frameOf(vector.broken))).toMatchObject({ ok: false, fault: vector.fault });
  });

  it.each(envelopes)("$name: the envelope holds tick, acks and frames", (vector) => {
    const envelope = decodeEnvelope(bytesOf(vector.envelope));
    if (envelope.type === "fault") throw new Error(envelope.detail);
    expect(envelope.tick).toBe(vector.tick);
    expect(Object.fromEntries(envelope.acks)).toEqual(vector.acks);
    expect(envelope.frames).toEqual(vector.frames.map(frameOf));
  });

  it.each(frames)("$name: no cut and no damaged byte makes decoding throw", (vector) => {
    const bytes = bytesOf(vector.frame);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => decodeFrame(bytes.subarray(0, length))).not.toThrow();
      const damaged = bytes.slice();
      damaged[length] = (damaged[length] ?? 0) ^ 0xff;
      expect(() => decodeFrame(damaged)).not.toThrow();
    }
  });
});
