import { describe, expect, it } from "vitest";
import { crc32OfText } from "./checksum";
import { rowOp, screenOf, textRun, wideRun } from "./fixtures";

describe("checksum", () => {
  it.each([
    ["", 0x0],
    ["a", 0xe8b7be43],
    ["Grüße", 0xfbd37071],
    ["日本語", 0xa80b52e5],
    ["👩‍👩‍👧 é", 0x735f9a62],
    ["123456789", 0xcbf43926],
  ])("of %j is what zlib says", (text, crc) => {
    expect(crc32OfText(text)).toBe(crc);
  });

  it("of a screen is that of its rows and its cursor as protocol 1.5 writes them", () => {
    const cursor = { kind: "cursor", row: 1, column: 3, visible: true, shape: 0 } as const;
    const screen = screenOf(2, 5, rowOp(0, 0, wideRun("日")), rowOp(1, 1, textRun("é")), cursor);
    // zlib.crc32("日   \n é   \n1,3".encode()) in Python
    expect(screen.checksum()).toBe(0x2fe0879c);
  });
});
