import { encode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { decodeEnvelope, parseHistoryRow } from "./frame";
import { Line } from "./line";

const SIZE = [0, 2, 4];

function decoded(...frames: unknown[]) {
  return decodeEnvelope(encode([1, {}, frames]));
}

describe("decodeEnvelope", () => {
  it("reads tick, acks and frames", () => {
    const acks = new Map([[7, 3]]);
    const bytes = encode([5, Object.fromEntries(acks), [[7, 1, 0, 1, [[]], [SIZE, [2, 0, 0, [[0, "ab"]]]]]]]);
    expect(decodeEnvelope(bytes)).toMatchObject({
      type: "envelope",
      tick: 5,
      acks,
      frames: [{ pane: 7, epoch: 1, base: 0, seq: 1, ops: [{ kind: "size" }, { kind: "row", row: 0 }] }],
    });
  });

  it.each([
    ["a number", encode(1)],
    ["a map", encode({})],
    ["a negative tick", encode([-1, {}, []])],
    ["acks that are a list", encode([1, [], []])],
    ["acks by name", encode([1, { one: 1 }, []])],
    ["no frames", encode([1, {}])],
    ["nothing at all", new Uint8Array()],
    ["half a message", encode([1, {}, [[7, 1, 0, 1, [[]], [SIZE]]]]).subarray(0, 7)],
  ])("is a fault for %s", (_, bytes) => {
    expect(decodeEnvelope(bytes)).toMatchObject({ type: "fault" });
  });

  it.each([
    ["a frame that is no array", 1],
    ["a frame without a seq", [1, 1, 0]],
    ["a keyframe without a size", [1, 1, 0, 1, [], []]],
    ["a style of six", [1, 1, 0, 1, [[0, 1, 2, 3, "x", 5]], [SIZE]]],
    ["a colour past the palette", [1, 1, 0, 1, [[0, 256]], [SIZE]]],
    ["a flag past the last", [1, 1, 0, 1, [[1 << 11]], [SIZE]]],
    ["an underline past dashed", [1, 1, 0, 1, [[6 << 8]], [SIZE]]],
    ["a style index past the table", [1, 1, 0, 1, [], [SIZE, [2, 0, 0, [[0, "x"]]]]]],
    ["an unknown operation", [1, 1, 0, 1, [], [SIZE, [99]]]],
    ["a screen of one row", [1, 1, 0, 1, [], [[0, 1, 80]]]],
    ["a screen of 1001 columns", [1, 1, 0, 1, [], [[0, 24, 1001]]]],
    ["a cell three wide", [1, 1, 0, 1, [[]], [SIZE, [2, 0, 0, [[0, ["x"], 3]]]]]],
    ["an empty cell", [1, 1, 0, 1, [[]], [SIZE, [2, 0, 0, [[0, [""], 1]]]]]],
    ["a repetition of none", [1, 1, 0, 1, [[]], [SIZE, [2, 0, 0, [[0, "x", 0]]]]]],
    ["a cursor shape past the last", [1, 1, 0, 1, [], [SIZE, [3, 0, 0, true, 7]]]],
    ["a cursor that may be visible", [1, 1, 0, 1, [], [SIZE, [3, 0, 0, 1, 0]]]],
    ["half a row of scrolling", [1, 1, 0, 1, [], [SIZE, [1, 0, 2, 0.5]]]],
  ])("is a fault for %s", (_, frame) => {
    expect(decoded(frame)).toMatchObject({ type: "fault" });
  });
});

describe("parseHistoryRow", () => {
  it("reads runs whose style is written out, and pads to the width", () => {
    const line = parseHistoryRow(
      [
        [[1, 2], "ab"],
        [[], ["日"], 2],
        [[], "-", 2],
      ],
      8,
    );
    expect(line).toBeInstanceOf(Line);
    if (!(line instanceof Line)) return;
    expect(line.toString()).toBe("ab日--  ");
    expect(line.style(0)).toMatchObject({ flags: 1, foreground: 2 });
  });

  it("takes a row that is wider than the screen is now, and an empty one", () => {
    expect(parseHistoryRow([[[], "x", 9]], 4)).toMatchObject({ columns: 9 });
    expect(parseHistoryRow([], 4)).toMatchObject({ columns: 4 });
  });

  it.each([[1], [[1]], [[["bold"], "x"]], [[[[]], 7]]])("is a fault for %j", (row) => {
    expect(parseHistoryRow(row, 4)).toMatchObject({ type: "fault" });
  });
});
