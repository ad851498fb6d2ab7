import { describe, expect, it } from "vitest";
import { GlyphTable } from "./glyph";

const METRICS = { width: 9, height: 20, fontPx: 15, baseline: 15 };

/** A font whose glyphs are as wide and high as the test says; counts how often it was asked. */
function fontOf(width: number, ascent = 10, descent = 3) {
  let asked = 0;
  const measure = () => {
    asked += 1;
    return { width, actualBoundingBoxAscent: ascent, actualBoundingBoxDescent: descent };
  };
  return { table: new GlyphTable(METRICS, measure), asked: () => asked };
}

describe("GlyphTable", () => {
  it("draws with its neighbours what is as wide as a cell, and asks the font once", () => {
    const { table, asked } = fontOf(9.01);
    expect([table.of("é", 1, "f"), table.of("é", 1, "f"), table.of("a", 1, "f")]).toEqual([
      "run",
      "run",
      "run",
    ]);
    expect(asked()).toBe(1);
  });

  it("draws by itself what another font lends, and cuts off what leaves its cells", () => {
    expect(fontOf(8).table.of("ж", 1, "f")).toEqual({ advance: 8, fits: true });
    expect(fontOf(11).table.of("★", 1, "f")).toEqual({ advance: 11, fits: false });
    expect(fontOf(8, 16).table.of("ж", 1, "f")).toEqual({ advance: 8, fits: false });
    expect(fontOf(8, 10, 6).table.of("ж", 1, "f")).toEqual({ advance: 8, fits: false });
  });

  it("gives wide characters and clusters two cells", () => {
    expect(fontOf(16).table.of("日", 2, "f")).toEqual({ advance: 16, fits: true });
    expect(fontOf(30).table.of("👨‍👩‍👧", 2, "f")).toEqual({ advance: 30, fits: false });
    expect(fontOf(9).table.of("x\u0302", 1, "f")).toEqual({ advance: 9, fits: true });
  });

  it("draws lines and blocks without a font", () => {
    const { table, asked } = fontOf(9);
    expect([table.of("│", 1, "f"), table.of("█", 1, "f"), table.of("⠋", 1, "f")].every(Array.isArray)).toBe(
      true,
    );
    expect(asked()).toBe(0);
  });
});
