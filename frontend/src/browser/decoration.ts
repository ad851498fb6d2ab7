/** Lines that a style draws along its cells: underlines of five kinds, overline, strikethrough. */

import type { Underline } from "../core";
import type { CellMetrics } from "./measure";

/** What is used of a canvas. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | "fillRect"
  | "beginPath"
  | "moveTo"
  | "lineTo"
  | "quadraticCurveTo"
  | "stroke"
  | "fillStyle"
  | "strokeStyle"
  | "lineWidth"
>;

/** Thickness of decoration lines, device px. */
export function lineThickness(metrics: CellMetrics): number {
  return Math.max(1, Math.round(metrics.fontPx / 15));
}

/** Draws an underline from `left` to `right` below the text of the row at `top`. */
export function drawUnderline(
  pen: Pen,
  kind: Underline,
  colour: string,
  left: number,
  right: number,
  top: number,
  metrics: CellMetrics,
): void {
  const thickness = lineThickness(metrics);
  const bottom = top + metrics.height;
  const y = Math.min(bottom - thickness, top + metrics.baseline + Math.max(1, thickness));
  pen.fillStyle = colour;
  switch (kind) {
    case 0:
      return;
    case 1:
      pen.fillRect(left, y, right - left, thickness);
      return;
    case 2: {
      const second = Math.min(bottom - thickness, y + 2 * thickness);
      pen.fillRect(left, second - 2 * thickness, right - left, thickness);
      pen.fillRect(left, second, right - left, thickness);
      return;
    }
    case 3:
      drawCurl(pen, colour, left, right, Math.min(y, bottom - 3 * thickness), thickness, metrics);
      return;
    case 4:
      drawDashes(pen, left, right, y, thickness, thickness, 2 * thickness);
      return;
    case 5: {
      const period = Math.max(3, Math.round(metrics.width));
      drawDashes(pen, left, right, y, thickness, Math.ceil(period * 0.6), period);
    }
  }
}

export function drawOverline(pen: Pen, left: number, right: number, top: number, metrics: CellMetrics): void {
  pen.fillRect(left, top, right - left, lineThickness(metrics));
}

export function drawStrikethrough(
  pen: Pen,
  left: number,
  right: number,
  top: number,
  metrics: CellMetrics,
): void {
  const thickness = lineThickness(metrics);
  const y = top + metrics.baseline - Math.round(metrics.fontPx * 0.3);
  pen.fillRect(left, y, right - left, thickness);
}

/** The pattern depends on x alone, so that runs join without a seam. */
function drawDashes(
  pen: Pen,
  left: number,
  right: number,
  y: number,
  thickness: number,
  dash: number,
  period: number,
): void {
  for (let start = Math.floor(left / period) * period; start < right; start += period) {
    const from = Math.max(left, start);
    const to = Math.min(right, start + dash);
    if (to > from) pen.fillRect(from, y, to - from, thickness);
  }
}

function drawCurl(
  pen: Pen,
  colour: string,
  left: number,
  right: number,
  y: number,
  thickness: number,
  metrics: CellMetrics,
): void {
  const half = Math.max(2, metrics.width / 2);
  const depth = Math.max(1.5, thickness * 1.5);
  const middle = y + depth;
  pen.strokeStyle = colour;
  pen.lineWidth = thickness;
  pen.beginPath();
  pen.moveTo(left, middle);
  let down = true;
  for (let x = left; x < right; x += half) {
    const end = Math.min(right, x + half);
    pen.quadraticCurveTo((x + end) / 2, down ? middle + depth * 1.6 : middle - depth * 1.6, end, middle);
    down = !down;
  }
  pen.stroke();
}
