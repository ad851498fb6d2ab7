import headless from "@xterm/headless";
import { describe, expect, it } from "vitest";
import { CellWidths } from "./cell-width";
import { delta, keyframe } from "./fixtures";
import type { Op } from "./frame";
import type { Run } from "./line";
import { Screen } from "./screen";
import { Flag, internStyle, RGB_BIT, type Style } from "./style";
import { VtWriter } from "./vt";

/** mulberry32: the same screens in every run. */
function randomOf(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

const NARROW = ["a", "Z", "~", "é", "→", "─", "█", "\u{1fb00}", "ｱ", "日", "🚀"];
const CLUSTERS = ["é", "👨‍👩‍👧‍👦", "🇩🇪", "👍🏽", "नि", "x̂̂̂", "☁️"];
const WIDE = ["日", "🚀", "±", "a", "👨‍👩‍👧‍👦", "🇩🇪", "☁️"];

function randomStyle(random: (limit: number) => number): Style {
  const colours = [null, random(16), random(256), RGB_BIT | random(0x1000000)];
  const colour = () => colours[random(colours.length)] ?? null;
  const flags = random(3) === 0 ? random(256) | (random(6) << 8) : 0;
  return internStyle({
    flags,
    foreground: colour(),
    background: colour(),
    underlineColour: null,
    link: random(9) === 0 ? "https://example.org" : null,
  });
}

function randomRun(random: (limit: number) => number, room: number): Run {
  const style = randomStyle(random);
  const one = (from: readonly string[]) => from[random(from.length)] ?? "?";
  const some = (from: readonly string[], most: number) =>
    Array.from({ length: 1 + random(Math.max(1, most)) }, () => one(from));
  switch (random(room >= 2 ? 5 : 4)) {
    case 0:
      return { kind: "text", style, text: " " };
    case 1:
      return { kind: "text", style, text: some(NARROW, room - 1).join("") };
    case 2:
      return { kind: "repeat", style, text: one([...NARROW, ...CLUSTERS]), count: 1 + random(room) };
    case 3:
      return { kind: "cells", style, cells: some(CLUSTERS, room - 1), width: 1 };
    default:
      return { kind: "cells", style, cells: some(WIDE, Math.floor(room / 2) - 1), width: 2 };
  }
}

function randomOp(random: (limit: number) => number, rows: number, columns: number): Op {
  const row = random(rows);
  switch (random(6)) {
    case 0: {
      const top = random(rows);
      return { kind: "scroll", top, bottom: top + 1 + random(rows - top), by: random(2 * rows) - rows };
    }
    case 1:
      return { kind: "cursor", row, column: random(columns + 1), visible: random(2) === 0, shape: random(7) };
    default: {
      const column = random(columns);
      return { kind: "row", row, column, runs: [randomRun(random, columns - column)] };
    }
  }
}

function terminalCells(terminal: InstanceType<typeof headless.Terminal>) {
  return Array.from({ length: terminal.rows }, (_, row) =>
    Array.from({ length: terminal.cols }, (_, column) => {
      const cell = terminal.buffer.active.getLine(row)?.getCell(column);
      if (cell === undefined || cell.getWidth() === 0) return "right half";
      const flags =
        (cell.isBold() ? Flag.bold : 0) |
        (cell.isDim() ? Flag.dim : 0) |
        (cell.isItalic() ? Flag.italic : 0) |
        (cell.isInverse() ? Flag.reverse : 0) |
        (cell.isInvisible() ? Flag.hidden : 0) |
        (cell.isStrikethrough() ? Flag.strikethrough : 0) |
        (cell.isOverline() ? Flag.overline : 0);
      const foreground = cell.isFgDefault() ? null : cell.getFgColor() | (cell.isFgRGB() ? RGB_BIT : 0);
      const background = cell.isBgDefault() ? null : cell.getBgColor() | (cell.isBgRGB() ? RGB_BIT : 0);
      const underlined = cell.isUnderline() !== 0;
      return `${cell.getChars() || " "} ${cell.getWidth()} ${flags} ${foreground} ${background} ${underlined}`;
    }),
  );
}

/** The screen's cells in the same words; a link is underlined by xterm.js. */
function expectedCells(screen: Screen) {
  return screen.lines.map((line) =>
    line.texts.map((text, column) => {
      if (text === "") return "right half";
      const { flags, foreground, background, link } = line.style(column);
      const underlined = flags >> 8 !== 0 || link !== null;
      const shown = flags & 255 & ~Flag.blink;
      return `${text} ${line.width(column)} ${shown} ${foreground} ${background} ${underlined}`;
    }),
  );
}

describe("VtWriter's law", () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed))(
    "after any frames xterm.js shows the screen, cell for cell (seed %d)",
    async (seed) => {
      const random = randomOf(seed);
      const [rows, columns] = [2 + random(6), 2 + random(20)];
      const screen = new Screen();
      screen.apply(keyframe(rows, columns));
      const terminal = new headless.Terminal({ rows, cols: columns, scrollback: 0, allowProposedApi: true });
      new CellWidths().install(terminal);
      const writer = new VtWriter();
      for (let seq = 1; seq <= 12; seq += 1) {
        const ops = Array.from({ length: 1 + random(5) }, () => randomOp(random, rows, columns));
        expect(screen.apply(delta(seq, ...ops))).toMatchObject({ ok: true });
        await new Promise<void>((resolve) => terminal.write(writer.update(screen), resolve));
        expect(terminalCells(terminal)).toEqual(expectedCells(screen));
        const { cursorX, cursorY } = terminal.buffer.active;
        const { row, column } = screen.cursor;
        expect([cursorY, cursorX]).toEqual([row, Math.min(column, columns - 1)]);
      }
    },
  );
});
