import { describe, expect, it } from "vitest";
import { blockShapes } from "./block-shape";

const BOX = { width: 9, height: 17 };

/** Area of the rectangles of a character, device px. */
function area(code: number, box = BOX): number {
  return (blockShapes(code, box) ?? []).reduce(
    (sum, shape) => sum + (shape.kind === "rect" ? shape.width * shape.height : 0),
    0,
  );
}

describe("blockShapes", () => {
  it("fills the whole cell with the full block, and two halves make one", () => {
    expect(area(0x2588)).toBe(9 * 17);
    for (const box of [BOX, { width: 5, height: 9 }, { width: 8, height: 16 }]) {
      expect(area(0x2590, box) + area(0x258c, box)).toBeGreaterThanOrEqual(box.width * box.height);
      expect(area(0x2580, box) + area(0x2584, box)).toBe(box.width * box.height);
    }
  });

  it("grows bars by eighths", () => {
    const heights = Array.from({ length: 8 }, (_, eighth) => area(0x2581 + eighth));
    expect(heights).toEqual([...heights].sort((a, b) => a - b));
    const widths = Array.from({ length: 8 }, (_, eighth) => area(0x2588 + eighth));
    expect(widths).toEqual([...widths].sort((a, b) => b - a));
    expect(Math.min(...heights, ...widths)).toBeGreaterThan(0);
  });

  it("puts quadrants together to the whole cell", () => {
    expect(area(0x2598) + area(0x259d) + area(0x2596) + area(0x2597)).toBe(9 * 17);
    expect(area(0x259a) + area(0x259e)).toBe(9 * 17);
    expect(area(0x2599) + area(0x259d)).toBe(9 * 17);
  });

  it("shades by opacity", () => {
    expect([0x2591, 0x2592, 0x2593].map((code) => blockShapes(code, BOX)?.[0])).toMatchObject([
      { alpha: 0.25 },
      { alpha: 0.5 },
      { alpha: 0.75 },
    ]);
  });

  it("draws as many dots as a braille character has bits, all inside the cell", () => {
    for (let bits = 0; bits < 256; bits += 1) {
      const shapes = blockShapes(0x2800 + bits, BOX) ?? [];
      expect(shapes).toHaveLength(bits.toString(2).replaceAll("0", "").length);
      for (const shape of shapes) {
        if (shape.kind !== "rect") throw new Error("a dot is a rectangle");
        expect(
          shape.x >= 0 && shape.x + shape.width <= 9 && shape.y >= 0 && shape.y + shape.height <= 17,
        ).toBe(true);
      }
    }
  });

  it("leaves every other character to the font", () => {
    expect([0x41, 0x257f, 0x25a0, 0x2900, 0xe0b4].map((code) => blockShapes(code, BOX))).toEqual(
      new Array(5).fill(null),
    );
  });
});
