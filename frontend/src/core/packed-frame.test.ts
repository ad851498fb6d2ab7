import { encode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { unpackFrame } from "./packed-frame";

function packed(...values: unknown[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [...encode(value)]));
}

const HELD = { epoch: 3, seq: 40 };

describe("unpackFrame", () => {
  it("builds on what is held, so many pictures on", () => {
    expect(unpackFrame(packed(2, 6, 1), 7, HELD)).toEqual({
      pane: 7,
      epoch: 3,
      base: 40,
      seq: 42,
      ops: [{ kind: "bell", count: 1 }],
    });
  });

  it("needs nothing that is held for a keyframe, and returns nothing else without it", () => {
    expect(unpackFrame(packed(0, 9, 5, 0, 2, 4), 7, null)).toMatchObject({ epoch: 9, base: 0, seq: 5 });
    expect(unpackFrame(packed(1, 6, 1), 7, null)).toBeNull();
  });

  it("starts every row in the default style, and keeps a style until another comes", () => {
    const frame = unpackFrame(packed(1, 2, 0, 0, "a", [1], "b", 3, "c", 1, 4, "d", [], 2, ["漢"]), 7, HELD);
    expect(frame).toMatchObject({
      ops: [
        {
          kind: "row",
          row: 0,
          column: 0,
          runs: [{ text: "a" }, { text: "b" }, { kind: "repeat", count: 3 }],
        },
        { kind: "row", row: 1, column: 4, runs: [{ text: "d" }, { kind: "cells", width: 2, cells: ["漢"] }] },
      ],
    });
    const styles =
      frame !== null && "ops" in frame ? frame.ops.flatMap((op) => (op.kind === "row" ? op.runs : [])) : [];
    expect(styles.map(({ style }) => style.flags)).toEqual([0, 1, 1, 0, 0]);
  });

  it.each([
    ["no number", packed("a")],
    ["a gap below zero", packed(-41)],
    ["half a gap", packed(0.5)],
    ["an unknown operation", packed(1, 9, 9)],
    ["an operation that is cut short", packed(1, 3, 0, 0)],
    ["a row without a column", packed(1, 2, 0)],
    ["a run without a text", packed(1, 2, 0, 0, "a", [1])],
    ["a keyframe without a size", packed(0, 1, 1, 6, 1)],
    ["no MessagePack", Uint8Array.of(1, 0xc1)],
    ["nothing", new Uint8Array(0)],
  ])("finds %s a fault", (_what, bytes) => {
    expect(unpackFrame(bytes, 7, HELD)).toMatchObject({ type: "fault" });
  });
});
