import { describe, expect, it } from "vitest";
import { delta, keyframe, rowOp, screenOf, textRun, wideRun } from "./fixtures";
import { Screen } from "./screen";
import { DEFAULT_STYLE, parseStyle } from "./style";

describe("Screen", () => {
  it("is an empty screen of the keyframe's size, filled by the operations after it", () => {
    const screen = screenOf(2, 5, rowOp(0, 1, textRun("abc")));
    expect(screen.textRows()).toEqual([" abc ", "     "]);
    expect(screen.cursor).toEqual({ row: 0, column: 0, visible: true, shape: 0 });
  });

  it("holds a wide character in its left cell and nothing in its right one", () => {
    const screen = screenOf(2, 6, rowOp(0, 0, wideRun("日", "本")));
    expect(screen.lines[0]?.texts).toEqual(["日", "", "本", "", " ", " "]);
    expect([0, 1, 2].map((column) => screen.lines[0]?.width(column))).toEqual([2, 0, 2]);
  });

  it("blanks the left half when the right half is written over", () => {
    const screen = screenOf(2, 4, rowOp(0, 0, wideRun("日")), rowOp(0, 1, textRun("x")));
    expect(screen.lines[0]?.texts).toEqual([" ", "x", " ", " "]);
  });

  it("blanks the right half when the left half is written over, keeping its style", () => {
    const red = parseStyle([0, 1]) ?? DEFAULT_STYLE;
    const wide = { kind: "cells", style: red, cells: ["日"], width: 2 } as const;
    const screen = screenOf(2, 4, rowOp(0, 0, wide), rowOp(0, 0, textRun("x")));
    expect(screen.lines[0]?.texts).toEqual(["x", " ", " ", " "]);
    expect(screen.lines[0]?.style(1)).toBe(red);
  });

  it("leaves a neighbour alone that a whole wide character stands beside", () => {
    const screen = screenOf(2, 6, rowOp(0, 2, wideRun("日")), rowOp(0, 0, wideRun("本")));
    expect(screen.textRows()[0]).toBe("本日  ");
  });

  it("scrolls a region up and down and fills with blanks", () => {
    const rows = [0, 1, 2, 3].map((row) => rowOp(row, 0, textRun(`${row}${row}`)));
    const screen = screenOf(4, 2, ...rows);
    screen.apply(delta(1, { kind: "scroll", top: 1, bottom: 4, by: 2 }));
    expect(screen.textRows()).toEqual(["00", "33", "  ", "  "]);
    screen.apply(delta(2, { kind: "scroll", top: 0, bottom: 3, by: -1 }));
    expect(screen.textRows()).toEqual(["  ", "00", "33", "  "]);
  });

  it("gives every changed row, and no other, a version that it never had", () => {
    const screen = screenOf(3, 4);
    const before = screen.lines.map((line) => line.version);
    screen.apply(delta(1, rowOp(1, 0, textRun("x"))));
    const after = screen.lines.map((line) => line.version);
    expect(after[0]).toBe(before[0]);
    expect(after[2]).toBe(before[2]);
    expect(before).not.toContain(after[1]);
  });

  it("refuses a frame that starts from another snapshot, and keeps what it has", () => {
    const screen = screenOf(2, 4, rowOp(0, 0, textRun("keep")));
    expect(screen.apply(delta(7, rowOp(0, 0, textRun("lose"))))).toMatchObject({ ok: false, fault: "stale" });
    expect(screen.textRows()[0]).toBe("keep");
    expect(screen.seq).toBe(1);
  });

  it("refuses a delta of another epoch and takes its keyframe", () => {
    const screen = screenOf(2, 4);
    expect(screen.apply({ ...delta(1), epoch: 2 })).toMatchObject({ ok: false, fault: "stale" });
    expect(screen.apply({ ...keyframe(3, 5), epoch: 2 })).toMatchObject({ ok: true, resized: true });
    expect([screen.rows, screen.columns, screen.epoch]).toEqual([3, 5, 2]);
  });

  it.each([
    ["a row below the last", rowOp(2, 0, textRun("x"))],
    ["text past the last column", rowOp(0, 2, textRun("xyz"))],
    ["half a wide character", rowOp(0, 3, wideRun("日"))],
    ["a cursor outside", { kind: "cursor", row: 0, column: 5, visible: true, shape: 0 } as const],
    ["a region outside", { kind: "scroll", top: 0, bottom: 3, by: 1 } as const],
  ])("refuses %s, and after it anything but a keyframe", (_, op) => {
    const screen = screenOf(2, 4);
    expect(screen.apply(delta(1, op))).toMatchObject({ ok: false, fault: "bounds" });
    expect(screen.apply(delta(1))).toMatchObject({ ok: false, fault: "stale" });
    expect(screen.apply(keyframe(2, 4))).toMatchObject({ ok: true });
  });

  it("finds out by checksum that it holds something else", () => {
    const screen = screenOf(2, 4, rowOp(0, 0, textRun("ab")));
    const crc = screen.checksum();
    expect(screen.apply(delta(1, { kind: "checksum", crc }))).toMatchObject({ ok: true });
    const wrong = delta(2, { kind: "checksum", crc: crc ^ 1 });
    expect(screen.apply(wrong)).toMatchObject({ ok: false, fault: "checksum" });
  });

  it("tells title, bells and size apart from cells", () => {
    const screen = new Screen();
    const first = screen.apply(keyframe(2, 4, { kind: "title", text: "vim" }, { kind: "bell", count: 2 }));
    expect(first).toEqual({ ok: true, resized: true, titled: true, bells: 2 });
    expect(screen.apply(delta(1))).toEqual({ ok: true, resized: false, titled: false, bells: 0 });
  });
});
