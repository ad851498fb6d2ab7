import { readFileSync } from "node:fs";
import { constants, deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decodeFrame } from "./frame";
import { unpackFrame } from "./packed-frame";
import { isPacked, MAX_PACKED_FRAME_BYTES, type PackedItem, Unpacker } from "./packing";

interface PackedVector {
  message: string;
  epoch: number;
  held_seq: number;
  items: { pane: number; input_seq: number | null; frame: string }[];
}

const file = new URL("../../../tests/vectors/packed.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as PackedVector[];

function bytesOf(hexadecimal: string): Uint8Array {
  return Uint8Array.from(hexadecimal.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

function itemsOf(unpacker: Unpacker, message: Uint8Array): readonly PackedItem[] {
  const items = unpacker.unpack(message);
  if ("type" in items) throw new Error(items.detail);
  return items;
}

describe("packed vectors", () => {
  it("give panes, numbers of input, and frames, message after message", () => {
    expect(vectors.length).toBeGreaterThan(30);
    const unpacker = new Unpacker();
    for (const { message, epoch, held_seq: seq, items: wanted } of vectors) {
      expect(isPacked(bytesOf(message))).toBe(true);
      const items = itemsOf(unpacker, bytesOf(message));
      expect(items.map(({ pane, inputSeq }) => [pane, inputSeq])).toEqual(
        wanted.map(({ pane, input_seq }) => [pane, input_seq]),
      );
      for (const [index, { pane, frame }] of items.entries()) {
        expect(unpackFrame(frame, pane, { epoch, seq })).toEqual(
          decodeFrame(bytesOf(wanted[index]?.frame ?? "")),
        );
      }
    }
  });

  it("are faults when they are cut or damaged, and throw for nothing", () => {
    for (const { message } of vectors) {
      const bytes = bytesOf(message);
      for (let at = 0; at < bytes.length; at += 1) {
        expect(() => new Unpacker().unpack(bytes.subarray(0, at))).not.toThrow();
        const damaged = bytes.slice();
        damaged[at] = (damaged[at] ?? 0) ^ 0x55;
        const items = new Unpacker().unpack(damaged);
        if ("type" in items) continue;
        for (const { pane, frame } of items) expect(() => unpackFrame(frame, pane, null)).not.toThrow();
      }
    }
  });
});

describe("Unpacker", () => {
  it.each([
    ["nothing", []],
    ["half a head", [0x40]],
    ["half a number", [0x50, 0x81]],
    ["a number that is too large", [0x50, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1]],
    ["a stream that never began", [0x13, 1, 2]],
    ["fewer bytes than it says", [0x40, 1, 9, 1, 2]],
    ["no deflate", [0x50, 1, 0xff, 0xff]],
  ])("finds %s a fault", (_what, bytes) => {
    expect(new Unpacker().unpack(Uint8Array.from(bytes))).toMatchObject({ code: "bad_packing" });
  });

  it("takes a frame of the largest size and none that is larger", () => {
    const bomb = (size: number): Uint8Array => {
      const data = deflateRawSync(new Uint8Array(size), { finishFlush: constants.Z_SYNC_FLUSH });
      return Uint8Array.from([0x50, 1, ...data.subarray(0, -4)]);
    };
    const largest = itemsOf(new Unpacker(), bomb(MAX_PACKED_FRAME_BYTES));
    expect(largest[0]?.frame).toHaveLength(MAX_PACKED_FRAME_BYTES);
    expect(new Unpacker().unpack(bomb(MAX_PACKED_FRAME_BYTES + 1))).toMatchObject({ code: "bad_packing" });
  });

  it("tells packed messages from envelopes", () => {
    expect(isPacked(Uint8Array.of(0x93, 1, 0x80, 0x90))).toBe(false);
    expect(isPacked(Uint8Array.of())).toBe(false);
  });
});
