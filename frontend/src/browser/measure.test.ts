import { describe, expect, it } from "vitest";
import { cellsOf, fitCells, fitTerminalFont, fontOf, sizeThatFits } from "./measure";

const SHAPE = { advance: 0.6, ascent: 1.02, descent: 0.3 };

describe("fitCells", () => {
  it.each([
    [420, 260, 24, 80],
    [240, 150, 24, 80],
    [1600, 900, 50, 200],
    [100, 1000, 24, 80],
    [3000, 200, 24, 80],
  ])("fills %d x %d with %d x %d and never goes over", (width, height, rows, columns) => {
    const cells = fitCells({ width, height }, rows, columns, SHAPE, 1000);
    expect(cells.width * columns).toBeLessThanOrEqual(width + 1e-6);
    expect(cells.height * rows).toBeLessThanOrEqual(height);
    const used = Math.max((cells.width * columns) / width, (cells.height * rows) / height);
    expect(used).toBeGreaterThan(0.85);
    expect(Number.isInteger(cells.height) && Number.isInteger(cells.baseline)).toBe(true);
  });

  it("keeps to the largest font size", () => {
    expect(fitCells({ width: 9000, height: 9000 }, 24, 80, SHAPE, 16).fontPx).toBeLessThanOrEqual(16);
  });

  it("still has cells in a box without room", () => {
    const cells = fitCells({ width: 1, height: 1 }, 24, 80, SHAPE, 16);
    expect(cells.height).toBeGreaterThanOrEqual(1);
  });
});

describe("cellsOf", () => {
  it("makes cells whole where that costs little, and not where it costs much", () => {
    expect(cellsOf(15.2, SHAPE).width).toBe(9);
    expect(cellsOf(6, SHAPE).width).toBeCloseTo(3.6);
  });

  it("puts the baseline inside the row with room for what hangs below it", () => {
    const cells = cellsOf(20, SHAPE);
    expect(cells.height).toBe(26);
    expect(cells.baseline + Math.floor(cells.fontPx * SHAPE.descent)).toBeLessThanOrEqual(cells.height);
  });
});

describe("fitTerminalFont", () => {
  it.each([1, 1.25, 2, 3])("fits xterm.js's cells at %d device pixels a CSS pixel", (ratio) => {
    const px = fitTerminalFont({ width: 900, height: 500 }, 24, 80, SHAPE, 40, ratio);
    expect(px * SHAPE.advance * 80).toBeLessThanOrEqual(900 + 1e-6);
    expect((Math.ceil(px * 1.32 * ratio - 1e-9) / ratio) * 24).toBeLessThanOrEqual(500 + 1e-6);
  });
});

describe("sizeThatFits", () => {
  it("says how many rows and columns fill a box, within a session's limits", () => {
    const { rows, columns } = sizeThatFits({ width: 900, height: 500 }, SHAPE, 14, 1);
    expect([rows, columns]).toEqual([26, 112]);
    expect(sizeThatFits({ width: 1, height: 1 }, SHAPE, 14, 1)).toEqual({ rows: 2, columns: 2 });
    expect(sizeThatFits({ width: 1e6, height: 1e6 }, SHAPE, 14, 1)).toEqual({ rows: 500, columns: 1000 });
  });
});

describe("fontOf", () => {
  it("writes a CSS font", () => {
    const font = { family: '"JetBrains Mono", monospace', weight: 400, boldWeight: 700 };
    expect(fontOf(font, 13, false, false)).toBe('400 13px "JetBrains Mono", monospace');
    expect(fontOf(font, 13, true, true)).toBe('italic 700 13px "JetBrains Mono", monospace');
  });
});
