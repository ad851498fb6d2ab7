/** Block elements (U+2580..259F), braille (U+2800..28FF) and the Powerline triangles (U+E0B0..E0B3). */

import { type CellBox, edges, rect, type Shape } from "./shape";

/** Quarters of U+2596..259F: 1 upper left, 2 upper right, 4 lower left, 8 lower right. */
const QUADRANTS = [4, 8, 1, 13, 9, 7, 11, 2, 6, 14];
const SHADES = [0.25, 0.5, 0.75];
/** Column and row of each braille dot, from the lowest bit. */
const DOTS = [
  [0, 0],
  [0, 1],
  [0, 2],
  [1, 0],
  [1, 1],
  [1, 2],
  [0, 3],
  [1, 3],
] as const;
/** Part of its share of the cell that a braille dot fills. */
const DOT_PART = 0.6;

/** Returns the shapes of a character that is made of areas, null when `code` is none. */
export function blockShapes(code: number, box: CellBox): readonly Shape[] | null {
  if (code >= 0x2580 && code <= 0x259f) return blockElement(code, box);
  if (code >= 0x2800 && code <= 0x28ff) return braille(code - 0x2800, box);
  if (code >= 0xe0b0 && code <= 0xe0b3) return [triangle(code, box)];
  return null;
}

function blockElement(code: number, box: CellBox): readonly Shape[] {
  const { width, height } = box;
  if (code === 0x2580) return [edges(0, 0, width, height / 2)];
  if (code <= 0x2588) return [edges(0, height - round((height * (code - 0x2580)) / 8), width, height)];
  if (code <= 0x258f) return [edges(0, 0, Math.max(1, round((width * (0x2590 - code)) / 8)), height)];
  if (code === 0x2590) return [edges(width / 2, 0, width, height)];
  if (code <= 0x2593) return [rect(0, 0, width, height, SHADES[code - 0x2591] ?? 1)];
  if (code === 0x2594) return [edges(0, 0, width, Math.max(1, round(height / 8)))];
  if (code === 0x2595) return [edges(width - Math.max(1, round(width / 8)), 0, width, height)];
  return quadrants(QUADRANTS[code - 0x2596] ?? 0, box);
}

function quadrants(bits: number, { width, height }: CellBox): readonly Shape[] {
  const shapes: Shape[] = [];
  if (bits & 1) shapes.push(edges(0, 0, width / 2, height / 2));
  if (bits & 2) shapes.push(edges(width / 2, 0, width, height / 2));
  if (bits & 4) shapes.push(edges(0, height / 2, width / 2, height));
  if (bits & 8) shapes.push(edges(width / 2, height / 2, width, height));
  return shapes;
}

function braille(bits: number, { width, height }: CellBox): readonly Shape[] {
  const size = Math.max(1, round(Math.min(width / 2, height / 4) * DOT_PART));
  const shapes: Shape[] = [];
  for (const [bit, [column, row]] of DOTS.entries()) {
    if (!(bits & (1 << bit))) continue;
    const x = ((column + 0.5) * width) / 2 - size / 2;
    const y = ((row + 0.5) * height) / 4 - size / 2;
    shapes.push(rect(round(x), round(y), size, size));
  }
  return shapes;
}

function triangle(code: number, { width, height }: CellBox): Shape {
  const pointsRight = code <= 0xe0b1;
  const points = pointsRight
    ? [0, 0, width, height / 2, 0, height]
    : [width, 0, 0, height / 2, width, height];
  const filled = code === 0xe0b0 || code === 0xe0b2;
  return filled ? { kind: "polygon", points } : { kind: "stroke", points, bend: false, thickness: 1 };
}

function round(value: number): number {
  return Math.round(value);
}
