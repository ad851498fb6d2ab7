import { describe, expect, it } from "vitest";
import { boxShapes } from "./box-shape";
import type { CellBox, Shape } from "./shape";

/** Which pixels of a cell a character fills, as rows of text. */
function drawn(character: string, box: CellBox): readonly string[] {
  const shapes = boxShapes(character.codePointAt(0) ?? 0, box) ?? [];
  return Array.from({ length: box.height }, (_, y) =>
    Array.from({ length: box.width }, (_, x) =>
      shapes.some((shape) => covers(shape, x, y)) ? "#" : ".",
    ).join(""),
  );
}

function covers(shape: Shape, x: number, y: number): boolean {
  if (shape.kind !== "rect") return false;
  return x >= shape.x && x < shape.x + shape.width && y >= shape.y && y < shape.y + shape.height;
}

/** Rows of a cell's edge that are filled. */
const edge = (rows: readonly string[], column: number) => rows.map((row) => row.at(column)).join("");

const BOXES: readonly CellBox[] = [
  { width: 5, height: 9 },
  { width: 8, height: 17 },
  { width: 9, height: 20 },
  { width: 18, height: 40 },
];

describe("boxShapes", () => {
  it.each(BOXES)("draws lines that join the neighbour's, in cells of $width x $height", (box) => {
    for (const [left, right] of [
      "──",
      "━━",
      "══",
      "├┤",
      "╠╣",
      "┣┫",
      "╞╡",
      "╟╢",
      "┌┐",
      "╔╗",
      "└─",
      "═╝",
      "╫─",
      "╪═",
    ]) {
      const a = edge(drawn(left ?? "", box), -1);
      expect(a).toContain("#");
      expect(edge(drawn(right ?? "", box), 0), `${left}${right}`).toBe(a);
    }
    for (const [upper, lower] of ["││", "┃┃", "║║", "┬┴", "╦╩", "┌└", "╔╚", "╤╧", "╥╨", "│┼", "║╬"]) {
      const a = drawn(upper ?? "", box).at(-1);
      expect(a).toContain("#");
      expect(drawn(lower ?? "", box)[0], `${upper} over ${lower}`).toBe(a);
    }
  });

  it("draws lines through without a gap", () => {
    for (const box of BOXES) {
      expect(drawn("─", box)).toContain("#".repeat(box.width));
      expect(drawn("┼", box)).toContain("#".repeat(box.width));
      expect(drawn("╋", box)).toContain("#".repeat(box.width));
    }
  });

  it("turns double corners inside and outside, and leaves the middle free", () => {
    expect(drawn("╔", { width: 7, height: 7 })).toEqual([
      ".......",
      ".......",
      "..#####",
      "..#....",
      "..#.###",
      "..#.#..",
      "..#.#..",
    ]);
    expect(drawn("╬", { width: 7, height: 7 })).toEqual([
      "..#.#..",
      "..#.#..",
      "###.###",
      ".......",
      "###.###",
      "..#.#..",
      "..#.#..",
    ]);
  });

  it("ends a single line at the double that it meets", () => {
    expect(drawn("╢", { width: 7, height: 7 })[3]).toBe("###.#..");
    expect(drawn("╤", { width: 7, height: 7 }).slice(2)).toEqual([
      "#######",
      ".......",
      "#######",
      "...#...",
      "...#...",
    ]);
  });

  it("has something to draw for all 128, and for nothing else", () => {
    for (let code = 0x2500; code <= 0x257f; code += 1) {
      expect(boxShapes(code, { width: 8, height: 17 })?.length, code.toString(16)).toBeGreaterThan(0);
    }
    expect(boxShapes(0x24ff, { width: 8, height: 17 })).toBeNull();
    expect(boxShapes(0x2580, { width: 8, height: 17 })).toBeNull();
  });

  it("bends the arcs from edge to edge through the middle", () => {
    expect(boxShapes(0x256d, { width: 9, height: 17 })).toEqual([
      { kind: "stroke", points: [4.5, 17, 4.5, 8.5, 9, 8.5], bend: true, thickness: 1 },
    ]);
  });
});
