/** How big a font's cells are, and which size of them fits a box. */

import type { TerminalFont } from "./theme";

/** Proportions of a monospaced font: lengths per px of font size. */
export interface FontShape {
  readonly advance: number;
  readonly ascent: number;
  readonly descent: number;
}

/** Cells in device pixels. */
export interface CellMetrics {
  /** Columns start at `Math.round(column * width)`; whole where the box allows it. */
  readonly width: number;
  /** A whole number. */
  readonly height: number;
  readonly fontPx: number;
  /** From a row's top to the text's baseline; a whole number. */
  readonly baseline: number;
}

/** A cell's width is made whole when that costs at most this part of it. */
const MAX_SNAP = 0.05;
/** Fonts are measured at this size, CSS px. */
const SAMPLE_PX = 200;
/** Below this a font is not read any more, device px. */
const MIN_FONT_PX = 1;

/** Returns the largest cells of which rows x columns fit the box, all in device pixels. */
export function fitCells(
  box: { readonly width: number; readonly height: number },
  rows: number,
  columns: number,
  shape: FontShape,
  maxFontPx: number,
): CellMetrics {
  const tall = shape.ascent + shape.descent;
  const largest = Math.min(maxFontPx, box.width / (columns * shape.advance), box.height / (rows * tall));
  return cellsOf(Math.max(MIN_FONT_PX, largest), shape);
}

/** Cells of a font size, snapped to whole pixels where that hardly shows. */
export function cellsOf(wantedFontPx: number, shape: FontShape): CellMetrics {
  const exact = wantedFontPx * shape.advance;
  const whole = Math.floor(exact + 1e-6);
  const snaps = whole >= 1 && (exact - whole) / exact <= MAX_SNAP;
  const width = snaps ? whole : exact;
  const fontPx = width / shape.advance;
  const height = Math.max(1, Math.floor(wantedFontPx * (shape.ascent + shape.descent) + 1e-6));
  // Snapping made the font smaller than the row: share the room above and below.
  const spare = height - fontPx * (shape.ascent + shape.descent);
  return { width, height, fontPx, baseline: Math.round(spare / 2 + fontPx * shape.ascent) };
}

/** CSS `font` of a style at a size in px. */
export function fontOf(font: TerminalFont, px: number, bold: boolean, italic: boolean): string {
  return `${italic ? "italic " : ""}${bold ? font.boldWeight : font.weight} ${px}px ${font.family}`;
}

/** Measures a font that is loaded already. */
export function measureFont(font: TerminalFont): FontShape {
  const context = document.createElement("canvas").getContext("2d");
  if (context === null) return { advance: 0.6, ascent: 1, descent: 0.25 };
  context.font = fontOf(font, SAMPLE_PX, false, false);
  const metrics = context.measureText("M");
  return {
    advance: metrics.width / SAMPLE_PX,
    ascent: metrics.fontBoundingBoxAscent / SAMPLE_PX,
    descent: metrics.fontBoundingBoxDescent / SAMPLE_PX,
  };
}

/** Loads the four faces of a font; resolves also when some do not exist. */
export async function loadFont(font: TerminalFont): Promise<void> {
  const faces = [false, true].flatMap((bold) =>
    [false, true].map((italic) => fontOf(font, 16, bold, italic)),
  );
  await Promise.allSettled(faces.map((face) => document.fonts.load(face)));
}

/**
 * Font size in CSS px at which xterm.js shows rows x columns in a box (CSS px). Its cells are as wide as the font's
 * advance and as high as the font's height rounded up to whole device pixels; whole widths are preferred, being crisp.
 */
export function fitTerminalFont(
  box: { readonly width: number; readonly height: number },
  rows: number,
  columns: number,
  shape: FontShape,
  maxFontPx: number,
  ratio: number,
): number {
  const tall = shape.ascent + shape.descent;
  const byHeight = Math.floor((box.height * ratio) / rows) / tall;
  const byWidth = (box.width * ratio) / (columns * shape.advance);
  const largest = Math.max(MIN_FONT_PX, Math.min(maxFontPx * ratio, byHeight, byWidth));
  const whole = Math.floor(largest * shape.advance + 1e-6) / shape.advance;
  return (whole >= largest * (1 - MAX_SNAP) ? whole : largest) / ratio;
}

/** The limits of a session's size (protocol 1.1, resize). */
const SIZE_LIMITS = { minRows: 2, maxRows: 500, minColumns: 2, maxColumns: 1000 } as const;

/** Rows and columns that xterm.js shows in a box (CSS px) at a font size (CSS px). */
export function sizeThatFits(
  box: { readonly width: number; readonly height: number },
  shape: FontShape,
  fontPx: number,
  ratio: number,
): { readonly rows: number; readonly columns: number } {
  const width = Math.max(1, Math.floor(fontPx * shape.advance * ratio));
  const height = Math.ceil(fontPx * (shape.ascent + shape.descent) * ratio);
  const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
  return {
    rows: clamp(Math.floor((box.height * ratio) / height), SIZE_LIMITS.minRows, SIZE_LIMITS.maxRows),
    columns: clamp(Math.floor((box.width * ratio) / width), SIZE_LIMITS.minColumns, SIZE_LIMITS.maxColumns),
  };
}
