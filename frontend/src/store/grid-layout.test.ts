import { describe, expect, test } from "vitest";
import { type GridSpace, gridLayout, MAX_TILE_WIDTH, MIN_TILE_WIDTH, neighbour } from "./grid-layout";

const WINDOW: GridSpace = { width: 1200, height: 820, count: 1, gap: 12, head: 42, aspect: 0.66 };

function used(space: GridSpace): { width: number; height: number } {
  const { columns, tileWidth, tileHeight } = gridLayout(space);
  const rows = Math.ceil(space.count / columns);
  return {
    width: columns * tileWidth + (columns - 1) * space.gap,
    height: rows * tileHeight + (rows - 1) * space.gap,
  };
}

describe("the layout", () => {
  test.each([1, 2, 3, 4, 5, 6, 9, 12])(
    "of %d tiles stays inside the window while it says that it fits",
    (count) => {
      const space = { ...WINDOW, count };
      expect(gridLayout(space).fits).toBe(true);
      expect(used(space).width).toBeLessThanOrEqual(space.width);
      expect(used(space).height).toBeLessThanOrEqual(space.height + Math.ceil(count));
    },
  );

  test("never widens the window, however many tiles there are", () => {
    for (let count = 1; count <= 200; count += 1) {
      expect(used({ ...WINDOW, count }).width).toBeLessThanOrEqual(WINDOW.width);
    }
  });

  test("scrolls rather than making tiles too small to read", () => {
    const layout = gridLayout({ ...WINDOW, count: 60 });
    expect(layout.fits).toBe(false);
    expect(layout.tileWidth).toBeGreaterThanOrEqual(MIN_TILE_WIDTH);
  });

  test("of one tile in a huge window is not larger than a screen should be", () => {
    expect(gridLayout({ ...WINDOW, width: 5000, height: 3000 }).tileWidth).toBe(MAX_TILE_WIDTH);
  });

  test("puts two tiles side by side where both ways are as good", () => {
    expect(gridLayout({ ...WINDOW, count: 2 }).columns).toBe(2);
  });

  test("of a phone is one column as wide as the screen", () => {
    const layout = gridLayout({ ...WINDOW, width: 358, height: 700, count: 5 });
    expect(layout).toMatchObject({ columns: 1, tileWidth: 358, fits: false });
  });

  test("is sound in a window without any room", () => {
    const layout = gridLayout({ ...WINDOW, width: 0, height: 0, count: 3 });
    expect(layout.columns).toBe(1);
    expect(layout.tileWidth).toBeGreaterThanOrEqual(1);
  });
});

describe("an arrow", () => {
  test("leads to the neighbour", () => {
    expect(neighbour(0, "right", 3, 8)).toBe(1);
    expect(neighbour(4, "left", 3, 8)).toBe(3);
    expect(neighbour(4, "up", 3, 8)).toBe(1);
    expect(neighbour(4, "down", 3, 8)).toBe(7);
  });

  test("stays at the edges", () => {
    expect(neighbour(0, "left", 3, 8)).toBe(0);
    expect(neighbour(1, "up", 3, 8)).toBe(1);
    expect(neighbour(7, "right", 3, 8)).toBe(7);
    expect(neighbour(6, "down", 3, 8)).toBe(6);
  });

  test("down into a short last row leads to its last tile", () => {
    expect(neighbour(5, "down", 3, 8)).toBe(7);
  });
});
