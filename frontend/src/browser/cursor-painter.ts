/** Draws the cursor over a row that is painted already. */

import type { Cursor, Line } from "../core";
import type { LinePainter } from "./line-painter";
import type { CellMetrics } from "./measure";
import type { TerminalTheme } from "./theme";

export type CursorLook = "block" | "underline" | "bar" | "hollow";

/** What a DECSCUSR shape looks like; blinking ones are drawn steady; without the focus all are hollow blocks. */
export function cursorLook(shape: number, focused: boolean): CursorLook {
  if (!focused) return "hollow";
  if (shape === 3 || shape === 4) return "underline";
  return shape === 5 || shape === 6 ? "bar" : "block";
}

/** The cell that the cursor stands on: one past the last column is shown on the last one. */
export function cursorColumn(cursor: Cursor, line: Line): number {
  const column = Math.min(cursor.column, line.columns - 1);
  return line.width(column) === 0 && column > 0 ? column - 1 : column;
}

export function paintCursor(
  context: CanvasRenderingContext2D,
  lines: LinePainter,
  metrics: CellMetrics,
  theme: TerminalTheme,
  line: Line,
  cursor: Cursor,
  look: CursorLook,
): void {
  const column = cursorColumn(cursor, line);
  const left = lines.x(column);
  const width = lines.x(column + Math.max(1, line.width(column))) - left;
  const top = cursor.row * metrics.height;
  const stroke = Math.max(1, Math.round(metrics.fontPx / 12));
  context.globalAlpha = 1;
  context.fillStyle = theme.cursor;
  switch (look) {
    case "block":
      lines.paintCell(line, column, top, theme.cursorText, theme.cursor);
      return;
    case "underline":
      context.fillRect(left, top + metrics.height - 2 * stroke, width, 2 * stroke);
      return;
    case "bar":
      context.fillRect(left, top, Math.max(1, Math.round(1.5 * stroke)), metrics.height);
      return;
    case "hollow":
      context.fillRect(left, top, width, stroke);
      context.fillRect(left, top + metrics.height - stroke, width, stroke);
      context.fillRect(left, top, stroke, metrics.height);
      context.fillRect(left + width - stroke, top, stroke, metrics.height);
  }
}
