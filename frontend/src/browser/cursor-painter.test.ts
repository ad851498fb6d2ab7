import { describe, expect, it } from "vitest";
import { rowOp, screenOf, textRun, wideRun } from "../core/fixtures";
import { cursorColumn, cursorLook } from "./cursor-painter";

describe("cursorLook", () => {
  it("is what DECSCUSR says, and hollow without the focus", () => {
    expect([0, 1, 2, 3, 4, 5, 6].map((shape) => cursorLook(shape, true))).toEqual([
      "block",
      "block",
      "block",
      "underline",
      "underline",
      "bar",
      "bar",
    ]);
    expect(cursorLook(5, false)).toBe("hollow");
  });
});

describe("cursorColumn", () => {
  it("covers a wide character from its left half, and stays on the screen", () => {
    const line = screenOf(2, 6, rowOp(0, 0, textRun("ab"), wideRun("日"))).lines[0];
    if (line === undefined) throw new Error("no line");
    const at = (column: number) => cursorColumn({ row: 0, column, visible: true, shape: 0 }, line);
    expect([0, 2, 3, 4, 6].map(at)).toEqual([0, 2, 2, 4, 5]);
  });
});
