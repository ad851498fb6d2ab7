import headless from "@xterm/headless";
import { describe, expect, it } from "vitest";
import { CellWidths } from "./cell-width";
import { delta, keyframe, rowOp, screenOf, textRun, wideRun } from "./fixtures";
import type { Op } from "./frame";
import { Mode, type Screen } from "./screen";
import { DEFAULT_STYLE, parseStyle, RGB_BIT } from "./style";
import { VtWriter } from "./vt";

/** A real xterm.js core with our widths, as browser/terminal.ts sets it up. */
function terminalFor(screen: Screen) {
  const terminal = new headless.Terminal({
    rows: screen.rows,
    cols: screen.columns,
    scrollback: 0,
    allowProposedApi: true,
  });
  new CellWidths().install(terminal);
  const writer = new VtWriter();
  return {
    terminal,
    show: () => new Promise<void>((resolve) => terminal.write(writer.update(screen), resolve)),
    update: () => writer.update(screen),
    rows: () =>
      Array.from({ length: screen.rows }, (_, row) =>
        Array.from({ length: screen.columns }, (_, column) => {
          const cell = terminal.buffer.active.getLine(row)?.getCell(column);
          return cell?.getWidth() === 0 ? "" : cell?.getChars() || " ";
        }),
      ),
    cell: (row: number, column: number) => terminal.buffer.active.getLine(row)?.getCell(column),
  };
}

const cursorAt = (row: number, column: number): Op => ({
  kind: "cursor",
  row,
  column,
  visible: true,
  shape: 0,
});

describe("VtWriter", () => {
  it("brings xterm.js to the screen, row for row and cell for cell", async () => {
    const screen = screenOf(
      3,
      8,
      rowOp(0, 0, textRun("ab"), wideRun("日", "本")),
      rowOp(2, 1, textRun("end")),
    );
    const shown = terminalFor(screen);
    await shown.show();
    expect(shown.rows()).toEqual(screen.lines.map((line) => line.texts));
  });

  it.each([
    ["a family of seven code points in two columns", ["👨‍👩‍👧‍👦"], 2],
    ["the same in one column", ["👨‍👩‍👧‍👦"], 1],
    ["a combining mark", ["é", "x̂"], 1],
    ["an emoji that the server counts as one column", ["🚀"], 1],
    ["an ambiguous sign that the server counts as two", ["±", "→"], 2],
  ] as const)("keeps the columns of what follows %s", async (_, cells, width) => {
    const odd = { kind: "cells", style: DEFAULT_STYLE, cells: [...cells], width } as const;
    const screen = screenOf(2, 10, rowOp(0, 0, textRun("<"), odd, textRun(">z")));
    const shown = terminalFor(screen);
    await shown.show();
    expect(shown.rows()[0]).toEqual(screen.lines[0]?.texts);
  });

  it("redraws only what changed", async () => {
    const screen = screenOf(3, 8, rowOp(0, 0, textRun("one")), rowOp(1, 0, textRun("two")));
    const shown = terminalFor(screen);
    await shown.show();
    screen.apply(delta(1, rowOp(1, 0, textRun("TWO"))));
    const text = shown.update();
    expect(text).toContain("TWO");
    expect(text).not.toContain("one");
    expect(shown.update()).toBe("");
  });

  it("follows scrolling, erasing and a new size", async () => {
    const screen = screenOf(3, 6, rowOp(0, 0, textRun("first")), rowOp(2, 0, textRun("third")));
    const shown = terminalFor(screen);
    await shown.show();
    screen.apply(delta(1, { kind: "scroll", top: 0, bottom: 3, by: 1 }, cursorAt(2, 6)));
    await shown.show();
    expect(shown.rows()).toEqual(screen.lines.map((line) => line.texts));
    screen.apply({ ...keyframe(2, 4, rowOp(1, 0, textRun("full"))), epoch: 2 });
    shown.terminal.resize(4, 2);
    await shown.show();
    expect(shown.rows()).toEqual(screen.lines.map((line) => line.texts));
  });

  it("carries every attribute and colour", async () => {
    const all = parseStyle([
      1 | 2 | 4 | 8 | 16 | 32 | 64 | 128 | (3 << 8),
      RGB_BIT | 0x010203,
      200,
      RGB_BIT | 0x0a0b0c,
    ]);
    const basic = parseStyle([0, 9, 4]);
    const screen = screenOf(
      2,
      6,
      rowOp(0, 0, textRun("a", all ?? DEFAULT_STYLE), textRun("b", basic ?? DEFAULT_STYLE)),
    );
    const shown = terminalFor(screen);
    await shown.show();
    const a = shown.cell(0, 0);
    const flags = [a?.isBold(), a?.isDim(), a?.isItalic(), a?.isBlink(), a?.isInverse(), a?.isInvisible()];
    expect([...flags, a?.isStrikethrough(), a?.isOverline(), a?.isUnderline()].every(Boolean)).toBe(true);
    expect([a?.isFgRGB(), a?.getFgColor(), a?.isBgPalette(), a?.getBgColor()]).toEqual([
      true,
      0x010203,
      true,
      200,
    ]);
    const b = shown.cell(0, 1);
    expect([b?.getFgColor(), b?.getBgColor(), b?.isBold()]).toEqual([9, 4, 0]);
    expect(shown.cell(0, 2)?.isAttributeDefault()).toBe(true);
    expect(shown.update()).toBe("");
  });

  it("says underline kinds, their colour and links as xterm.js reads them", () => {
    const linked = parseStyle([3 << 8, null, null, RGB_BIT | 0x112233, "https://example.org/a;b\u0007"]);
    const screen = screenOf(2, 6, rowOp(0, 0, textRun("go", linked ?? DEFAULT_STYLE)));
    const text = terminalFor(screen).update();
    expect(text).toContain("4:3");
    expect(text).toContain("58:2::17:34:51");
    expect(text).toContain("\x1b]8;;https://example.org/a;b\x1b\\");
    expect(text.indexOf("\x1b]8;;\x1b\\")).toBeGreaterThan(text.indexOf("go"));
  });

  it("sets and resets modes, keeping the mouse mode that stays", async () => {
    const modes = (bits: number): Op => ({ kind: "modes", bits });
    const screen = screenOf(
      2,
      4,
      modes(Mode.applicationCursor | Mode.bracketedPaste | Mode.mousePress | Mode.mouseMotion),
    );
    const shown = terminalFor(screen);
    await shown.show();
    expect(shown.terminal.modes).toMatchObject({
      applicationCursorKeysMode: true,
      bracketedPasteMode: true,
      mouseTrackingMode: "any",
    });
    screen.apply(delta(1, modes(Mode.mousePress | Mode.mouseSgr | Mode.applicationKeypad)));
    await shown.show();
    expect(shown.terminal.modes).toMatchObject({
      applicationCursorKeysMode: false,
      applicationKeypadMode: true,
      bracketedPasteMode: false,
      mouseTrackingMode: "vt200",
    });
    screen.apply(delta(2, modes(0)));
    await shown.show();
    expect(shown.terminal.modes.mouseTrackingMode).toBe("none");
  });

  it("places the cursor, also where the next character would wrap", async () => {
    const screen = screenOf(3, 5, cursorAt(2, 5));
    const shown = terminalFor(screen);
    await shown.show();
    expect([shown.terminal.buffer.active.cursorY, shown.terminal.buffer.active.cursorX]).toEqual([2, 4]);
    screen.apply(delta(1, { kind: "cursor", row: 0, column: 1, visible: false, shape: 5 }));
    expect(shown.update()).toContain("\x1b[1;2H\x1b[5 q\x1b[?25l");
  });

  it("paints in one go", () => {
    const text = new VtWriter().update(screenOf(2, 4, rowOp(0, 0, textRun("x"))));
    expect(text.startsWith("\x1b[?2026h")).toBe(true);
    expect(text.endsWith("\x1b[?2026l")).toBe(true);
  });

  it("lets no control character of a cell act", () => {
    const text = new VtWriter().update(screenOf(2, 4, rowOp(0, 0, textRun("\x07\x9b"))));
    expect(text).toContain("\ufffd\ufffd");
  });
});
