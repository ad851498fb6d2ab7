/** Geometry inside one cell, in device pixels from its top left corner. Pure: what to fill, not how. */

export type Shape =
  /** A filled rectangle; `alpha` below 1 for shades. */
  | {
      readonly kind: "rect";
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly alpha: number;
    }
  /** A filled polygon: x, y, x, y, ... */
  | { readonly kind: "polygon"; readonly points: readonly number[] }
  /** A line through points; with `bend` the middle one of three is a control point. */
  | {
      readonly kind: "stroke";
      readonly points: readonly number[];
      readonly bend: boolean;
      readonly thickness: number;
    };

/** Size of a cell in device pixels: whole numbers. */
export interface CellBox {
  readonly width: number;
  readonly height: number;
}

export function rect(x: number, y: number, width: number, height: number, alpha = 1): Shape {
  return { kind: "rect", x, y, width, height, alpha };
}

/** A rectangle by its edges, each rounded down so that neighbours share them. */
export function edges(left: number, top: number, right: number, bottom: number): Shape {
  const x = Math.floor(left);
  const y = Math.floor(top);
  return rect(x, y, Math.floor(right) - x, Math.floor(bottom) - y);
}
