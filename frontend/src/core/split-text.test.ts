import { describe, expect, it } from "vitest";
import { MAX_TEXT_BYTES, splitText } from "./split-text";

const bytes = (text: string) => Buffer.byteLength(JSON.stringify(text)) - 2;

describe("splitText", () => {
  it("leaves alone what fits", () => {
    expect(splitText("ls\r")).toEqual(["ls\r"]);
    expect(splitText("a".repeat(MAX_TEXT_BYTES))).toHaveLength(1);
  });

  it.each([
    ["letters", "a"],
    ["control characters", "\x1b"],
    ["quotes", '"'],
    ["umlauts", "ü"],
    ["Chinese", "漢"],
    ["emoji", "🚀"],
    ["lone surrogates", "\ud800"],
  ])("cuts %s into pieces that fit, losing nothing", (_, character) => {
    const text = character.repeat(200_000);
    const pieces = splitText(text);
    expect(pieces.join("")).toBe(text);
    expect(Math.max(...pieces.map(bytes))).toBeLessThanOrEqual(MAX_TEXT_BYTES);
    expect(pieces.slice(0, -1).every((piece) => bytes(piece) > MAX_TEXT_BYTES - 6)).toBe(true);
  });

  it("never cuts a code point in two", () => {
    for (const piece of splitText(`a${"🚀".repeat(20)}`, 10)) expect(piece).toMatch(/^(a|(\ud83d\ude80))*$/);
  });
});
