/** Box drawing, U+2500..257F, so that lines join whatever the font and the cell's size. */

import { type CellBox, edges, rect, type Shape } from "./shape";

export const FIRST_BOX = 0x2500;
export const LAST_BOX = 0x257f;

/**
 * Arms left, right, up, down of each character: 0 none, 1 light, 2 heavy, 3 double. Derived from the Unicode names;
 * `----` is not made of arms.
 */
const ARMS = `
1100 2200 0011 0022 ---- ---- ---- ---- ---- ---- ---- ---- 0101 0201 0102 0202
1001 2001 1002 2002 0110 0210 0120 0220 1010 2010 1020 2020 0111 0211 0121 0112
0122 0221 0212 0222 1011 2011 1021 1012 1022 2021 2012 2022 1101 2101 1201 2201
1102 2102 1202 2202 1110 2110 1210 2210 1120 2120 1220 2220 1111 2111 1211 2211
1121 1112 1122 2121 1221 2112 1212 2221 2212 2122 1222 2222 ---- ---- ---- ----
3300 0033 0301 0103 0303 3001 1003 3003 0310 0130 0330 3010 1030 3030 0311 0133
0333 3011 1033 3033 3301 1103 3303 3310 1130 3330 3311 1133 3333 ---- ---- ----
---- ---- ---- ---- 1000 0010 0100 0001 2000 0020 0200 0002 1200 0012 2100 0021
`
  .trim()
  .split(/\s+/);

const LIGHT = 1;
const HEAVY = 2;
const DOUBLE = 3;

/** Dashes of a character: how many, which way, how heavy. */
const DASHES: ReadonlyMap<
  number,
  { readonly count: number; readonly vertical: boolean; readonly heavy: boolean }
> = new Map(
  [0x2504, 0x2508, 0x254c].flatMap((first, index) =>
    [0, 1, 2, 3].map(
      (offset) =>
        [
          first + offset,
          { count: [3, 4, 2][index] ?? 2, vertical: offset > 1, heavy: offset % 2 === 1 },
        ] as const,
    ),
  ),
);

/** Thickness of a light line for a cell, device px. */
export function lightThickness(box: CellBox): number {
  return Math.max(1, Math.round(Math.min(box.width / 8, box.height / 16)));
}

/** Returns the shapes of a box drawing character, null when `code` is none. */
export function boxShapes(code: number, box: CellBox): readonly Shape[] | null {
  if (code < FIRST_BOX || code > LAST_BOX) return null;
  const thickness = lightThickness(box);
  const dash = DASHES.get(code);
  if (dash !== undefined)
    return dashes(dash.count, dash.vertical, dash.heavy ? 2 * thickness : thickness, box);
  if (code >= 0x256d && code <= 0x2570) return [arc(code, thickness, box)];
  if (code >= 0x2571 && code <= 0x2573) return diagonals(code, thickness, box);
  return arms(ARMS[code - FIRST_BOX] ?? "0000", thickness, box);
}

/** Centre of a line that runs through a cell of `length`; its light stroke falls on whole pixels. */
function centre(length: number, thickness: number): number {
  return Math.floor((length - thickness) / 2) + thickness / 2;
}

function arms(code: string, thickness: number, box: CellBox): readonly Shape[] {
  const [left = 0, right = 0, up = 0, down = 0] = Array.from(code, Number);
  const x = centre(box.width, thickness);
  const y = centre(box.height, thickness);
  const shapes: Shape[] = [];
  for (const { from, to, reach } of strokes(left, right, up, down, thickness)) {
    shapes.push(edges(0, y + from, x + reach, y + to));
  }
  for (const { from, to, reach } of strokes(right, left, up, down, thickness)) {
    shapes.push(edges(x - reach, y + from, box.width, y + to));
  }
  for (const { from, to, reach } of strokes(up, down, left, right, thickness)) {
    shapes.push(edges(x + from, 0, x + to, y + reach));
  }
  for (const { from, to, reach } of strokes(down, up, left, right, thickness)) {
    shapes.push(edges(x + from, y - reach, x + to, box.height));
  }
  return shapes;
}

/** One stroke of an arm: `from`..`to` across it, `reach` past the centre along it. */
interface Stroke {
  readonly from: number;
  readonly to: number;
  readonly reach: number;
}

/** Strokes of an arm, given the arm opposite and the two arms across (before: left or up; after: right or down). */
function strokes(
  arm: number,
  opposite: number,
  before: number,
  after: number,
  thickness: number,
): readonly Stroke[] {
  const half = thickness / 2;
  if (arm === LIGHT || arm === HEAVY) {
    const own = arm === HEAVY ? thickness : half;
    return [{ from: -own, to: own, reach: singleReach(opposite, before, after, thickness) }];
  }
  if (arm !== DOUBLE) return [];
  return [
    { from: -3 * half, to: -half, reach: doubleReach(before, after, half) },
    { from: half, to: 3 * half, reach: doubleReach(after, before, half) },
  ];
}

/** How far a single line goes past the centre. */
function singleReach(opposite: number, before: number, after: number, thickness: number): number {
  const half = thickness / 2;
  if (opposite === 0 && before === DOUBLE && after === DOUBLE) return -half;
  if (opposite === 0 && (before === DOUBLE || after === DOUBLE)) return 3 * half;
  return Math.max(before, after) === HEAVY ? thickness : half;
}

/** How far one line of a double goes past the centre: `near` is the arm on its own side. */
function doubleReach(near: number, far: number, half: number): number {
  if (near === DOUBLE) return -half;
  return far === DOUBLE ? 3 * half : half;
}

function dashes(count: number, vertical: boolean, thickness: number, box: CellBox): readonly Shape[] {
  const length = vertical ? box.height : box.width;
  const across = Math.floor(((vertical ? box.width : box.height) - thickness) / 2);
  const gap = Math.max(1, Math.floor(length / count / 3));
  return Array.from({ length: count }, (_, index) => {
    const start = Math.floor((index * length) / count);
    const end = Math.max(start + 1, Math.floor(((index + 1) * length) / count) - gap);
    return vertical
      ? rect(across, start, thickness, end - start)
      : rect(start, across, end - start, thickness);
  });
}

function arc(code: number, thickness: number, box: CellBox): Shape {
  const x = centre(box.width, thickness);
  const y = centre(box.height, thickness);
  const toRight = code === 0x256d || code === 0x2570;
  const toBottom = code === 0x256d || code === 0x256e;
  const points = [x, toBottom ? box.height : 0, x, y, toRight ? box.width : 0, y];
  return { kind: "stroke", points, bend: true, thickness };
}

function diagonals(code: number, thickness: number, box: CellBox): readonly Shape[] {
  const rising: Shape = { kind: "stroke", points: [0, box.height, box.width, 0], bend: false, thickness };
  const falling: Shape = { kind: "stroke", points: [0, 0, box.width, box.height], bend: false, thickness };
  if (code === 0x2571) return [rising];
  return code === 0x2572 ? [falling] : [rising, falling];
}
