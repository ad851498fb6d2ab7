/** How the text of a cell is drawn: with its neighbours, by itself, or without any font. */

import { blockShapes } from "./block-shape";
import { boxShapes } from "./box-shape";
import type { CellMetrics } from "./measure";
import type { Shape } from "./shape";

/** A glyph this much off its cell's width, in cells, is drawn by itself so that nothing after it shifts. */
const RUN_TOLERANCE = 0.02;
/** Glyphs that are remembered; past this many they are forgotten and judged anew. */
const MAX_KEPT_GLYPHS = 8192;

/** A glyph that is drawn by itself, in the middle of its cells. */
export interface Alone {
  /** Device px. */
  readonly advance: number;
  /** Its ink stays inside its cells, so that nothing needs to be cut off. */
  readonly fits: boolean;
}

/** `run`: as wide as its cell, drawn together with its neighbours. Shapes: without any font. */
export type Glyph = "run" | Alone | readonly Shape[];

/** What a font says about a text; `measureText` of a canvas. */
export type MeasureText = (
  text: string,
  font: string,
) => Pick<TextMetrics, "width" | "actualBoundingBoxAscent" | "actualBoundingBoxDescent">;

/** Mutable only as a memory; good for one font and size. */
export class GlyphTable {
  readonly #metrics: CellMetrics;
  readonly #measure: MeasureText;
  readonly #glyphs = new Map<string, Glyph>();

  constructor(metrics: CellMetrics, measure: MeasureText) {
    this.#metrics = metrics;
    this.#measure = measure;
  }

  /** `width` is the number of columns that the text covers; bold and regular faces are taken to be as wide. */
  of(text: string, width: number, font: string): Glyph {
    if (width === 1 && text.length === 1 && text < "\x7f") return "run";
    const key = `${width}${text}`;
    const known = this.#glyphs.get(key);
    if (known !== undefined) return known;
    if (this.#glyphs.size >= MAX_KEPT_GLYPHS) this.#glyphs.clear();
    const glyph = this.#judge(text, width, font);
    this.#glyphs.set(key, glyph);
    return glyph;
  }

  #judge(text: string, width: number, font: string): Glyph {
    const code = text.codePointAt(0) ?? 0;
    const narrow = width === 1 && text.length === (code > 0xffff ? 2 : 1);
    const { width: cell, height, baseline } = this.#metrics;
    if (narrow) {
      // Columns are a pixel apart in width when cells are not whole: the wider one leaves no gap.
      const box = { width: Math.ceil(cell - 1e-6), height };
      const shapes = boxShapes(code, box) ?? blockShapes(code, box);
      if (shapes !== null) return shapes;
    }
    const size = this.#measure(text, font);
    if (narrow && Math.abs(size.width - cell) <= RUN_TOLERANCE * cell) return "run";
    const fits =
      size.width <= Math.floor(width * cell) &&
      size.actualBoundingBoxAscent <= baseline &&
      size.actualBoundingBoxDescent <= height - baseline;
    return { advance: Math.max(1, size.width), fits };
  }
}
