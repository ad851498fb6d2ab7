/** Draws rows of cells on a canvas: backgrounds, text in runs of one style, geometry, decorations. */

import { Flag, type Line, type Style, sameStyle, underlineOf } from "../core";
import { blockShapes } from "./block-shape";
import { boxShapes } from "./box-shape";
import type { ColourTable } from "./colour-table";
import { drawOverline, drawStrikethrough, drawUnderline } from "./decoration";
import { type CellMetrics, fontOf } from "./measure";
import type { Shape } from "./shape";
import type { TerminalFont } from "./theme";

/** Opacity of dim text. */
const DIM_ALPHA = 0.55;
/** A glyph this much off its cell's width, in cells, is drawn by itself so that nothing after it shifts. */
const RUN_TOLERANCE = 0.02;
/** Glyphs whose way of drawing is remembered; past this many they are forgotten and judged anew. */
const MAX_KEPT_GLYPHS = 8192;

/** A style, ready to draw. */
interface Ink {
  readonly font: string;
  readonly foreground: string;
  /** null: the background of the screen, which is there already. */
  readonly background: string | null;
  readonly alpha: number;
  readonly hidden: boolean;
  readonly decorated: boolean;
}

/** `run`: as wide as its cell, drawn together with its neighbours. `alone`: by itself. Shapes: without any font. */
type Glyph = "run" | "alone" | readonly Shape[];

/** Mutable; owned by one painter; made anew for another theme, font or size. */
export class LinePainter {
  readonly #context: CanvasRenderingContext2D;
  readonly #colours: ColourTable;
  readonly #font: TerminalFont;
  readonly #metrics: CellMetrics;
  readonly #inks = new WeakMap<Style, Ink>();
  readonly #glyphs = new Map<string, Glyph>();
  #usedFont = "";

  constructor(
    context: CanvasRenderingContext2D,
    colours: ColourTable,
    font: TerminalFont,
    metrics: CellMetrics,
  ) {
    this.#context = context;
    this.#colours = colours;
    this.#font = font;
    this.#metrics = metrics;
    context.textBaseline = "alphabetic";
    context.fontKerning = "none";
    context.textRendering = "geometricPrecision";
    // Any spacing at all keeps the font from joining letters into ligatures.
    context.letterSpacing = "0.001px";
  }

  /** Where a column begins, device px. */
  x(column: number): number {
    return Math.round(column * this.#metrics.width);
  }

  /** Draws a whole row with its top edge at `top`, over whatever was there. */
  paint(line: Line, top: number): void {
    this.#paintBackground(line, top);
    this.#paintText(line, top);
    this.#paintDecorations(line, top);
  }

  /** Draws one cell anew in two colours: what stands under a block cursor. */
  paintCell(line: Line, column: number, top: number, foreground: string, background: string): void {
    const context = this.#context;
    const left = this.x(column);
    const right = this.x(column + Math.max(1, line.width(column)));
    context.fillStyle = background;
    context.fillRect(left, top, right - left, this.#metrics.height);
    const ink = this.#ink(line.style(column));
    const text = line.text(column);
    if (ink.hidden || text === " " || text === "") return;
    this.#begin({ ...ink, foreground });
    const glyph = this.#glyph(text, line.width(column), ink);
    if (glyph === "run" || glyph === "alone") this.#drawAlone(text, column, line.width(column), top);
    else this.#drawShapes(glyph, left, top);
    context.globalAlpha = 1;
  }

  #paintBackground(line: Line, top: number): void {
    const context = this.#context;
    const { height } = this.#metrics;
    context.globalAlpha = 1;
    context.fillStyle = this.#colours.theme.background;
    context.fillRect(0, top, context.canvas.width, height);
    const { columns, styles } = line;
    let start = 0;
    let colour: string | null = null;
    let style: Style | undefined;
    for (let column = 0; column <= columns; column += 1) {
      const next = column < columns ? styles[column] : undefined;
      if (next === style && column < columns) continue;
      style = next;
      const background = next === undefined ? null : this.#ink(next).background;
      if (background === colour) continue;
      if (colour !== null) this.#fill(colour, start, column, top);
      colour = background;
      start = column;
    }
    if (colour !== null) this.#fill(colour, start, columns, top);
  }

  #fill(colour: string, from: number, to: number, top: number): void {
    const left = this.x(from);
    this.#context.fillStyle = colour;
    this.#context.fillRect(left, top, this.x(to) - left, this.#metrics.height);
  }

  #paintText(line: Line, top: number): void {
    const { columns, texts, styles } = line;
    let run = "";
    let start = 0;
    let style: Style | undefined;
    const flush = (): void => {
      if (run !== "" && style !== undefined) this.#drawRun(run, start, top, style);
      run = "";
    };
    for (let column = 0; column < columns; column += 1) {
      const text = texts[column] ?? "";
      if (text === "") continue;
      const next = styles[column];
      if (next !== style && (next === undefined || style === undefined || !sameStyle(next, style))) flush();
      style = next;
      if (text === " ") {
        if (run !== "") run += " ";
        continue;
      }
      if (next === undefined) continue;
      const width = texts[column + 1] === "" ? 2 : 1;
      const glyph = this.#glyph(text, width, this.#ink(next));
      if (glyph === "run") {
        if (run === "") start = column;
        run += text;
        continue;
      }
      flush();
      this.#drawGlyph(glyph, text, column, width, top, next);
    }
    flush();
    this.#context.globalAlpha = 1;
  }

  #drawRun(run: string, start: number, top: number, style: Style): void {
    const ink = this.#ink(style);
    if (ink.hidden) return;
    this.#begin(ink);
    this.#context.fillText(run, start * this.#metrics.width, top + this.#metrics.baseline);
  }

  #drawGlyph(
    glyph: "alone" | readonly Shape[],
    text: string,
    column: number,
    width: number,
    top: number,
    style: Style,
  ) {
    const ink = this.#ink(style);
    if (ink.hidden) return;
    this.#begin(ink);
    if (glyph === "alone") this.#drawAlone(text, column, width, top);
    else this.#drawShapes(glyph, this.x(column), top);
  }

  #begin(ink: Ink): void {
    const context = this.#context;
    this.#useFont(ink.font);
    context.fillStyle = ink.foreground;
    context.globalAlpha = ink.alpha;
  }

  /** Asking a canvas for its font is slow: it is remembered here. */
  #useFont(font: string): void {
    if (this.#usedFont === font) return;
    this.#usedFont = font;
    this.#context.font = font;
  }

  /** Draws a glyph in the middle of its cells, squeezed when it is wider, never past their edges. */
  #drawAlone(text: string, column: number, width: number, top: number): void {
    const context = this.#context;
    const { width: cell, height, baseline } = this.#metrics;
    const left = this.x(column);
    const room = this.x(column + width) - left;
    const advance = context.measureText(text).width;
    const squeeze = advance > room ? room / advance : 1;
    const offset = width === 1 && advance <= cell ? 0 : (room - advance * squeeze) / 2;
    context.save();
    context.beginPath();
    context.rect(left, top, room, height);
    context.clip();
    context.translate(left + offset, top + baseline);
    context.scale(squeeze, 1);
    context.fillText(text, 0, 0);
    context.restore();
  }

  #drawShapes(shapes: readonly Shape[], left: number, top: number): void {
    const context = this.#context;
    const alpha = context.globalAlpha;
    for (const shape of shapes) {
      if (shape.kind === "rect") {
        if (shape.alpha < 1) context.globalAlpha = alpha * shape.alpha;
        context.fillRect(left + shape.x, top + shape.y, shape.width, shape.height);
        if (shape.alpha < 1) context.globalAlpha = alpha;
      } else {
        this.#tracePath(shape, left, top);
      }
    }
  }

  #tracePath(shape: Exclude<Shape, { kind: "rect" }>, left: number, top: number): void {
    const context = this.#context;
    const [x = 0, y = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0] = shape.points;
    context.beginPath();
    context.moveTo(left + x, top + y);
    if (shape.kind === "stroke" && shape.bend) {
      // A quarter of a circle as large as fits, with straight ends.
      const radius = Math.min(Math.abs(y - y1), Math.abs(x2 - x1));
      context.arcTo(left + x1, top + y1, left + x2, top + y2, radius);
      context.lineTo(left + x2, top + y2);
    } else {
      for (let at = 2; at + 1 < shape.points.length; at += 2) {
        context.lineTo(left + (shape.points[at] ?? 0), top + (shape.points[at + 1] ?? 0));
      }
    }
    if (shape.kind === "polygon") {
      context.fill();
      return;
    }
    context.strokeStyle = context.fillStyle;
    context.lineWidth = shape.thickness;
    context.stroke();
  }

  #paintDecorations(line: Line, top: number): void {
    const { columns, styles } = line;
    for (let column = 0; column < columns; ) {
      const style = styles[column];
      let end = column + 1;
      while (end < columns && styles[end] === style) end += 1;
      if (style !== undefined) {
        const ink = this.#ink(style);
        if (ink.decorated) this.#decorate(style, ink, this.x(column), this.x(end), top);
      }
      column = end;
    }
    this.#context.globalAlpha = 1;
  }

  #decorate(style: Style, ink: Ink, left: number, right: number, top: number): void {
    const context = this.#context;
    const metrics = this.#metrics;
    context.globalAlpha = ink.alpha;
    const underline = underlineOf(style) || (style.link === null ? 0 : 4);
    const colour = this.#colours.css(style.underlineColour, ink.foreground);
    drawUnderline(context, underline, colour, left, right, top, metrics);
    context.fillStyle = ink.foreground;
    if (style.flags & Flag.overline) drawOverline(context, left, right, top, metrics);
    if (style.flags & Flag.strikethrough) drawStrikethrough(context, left, right, top, metrics);
  }

  #ink(style: Style): Ink {
    const known = this.#inks.get(style);
    if (known !== undefined) return known;
    const { theme } = this.#colours;
    const { flags } = style;
    const foreground = this.#colours.css(style.foreground, theme.foreground);
    const background = this.#colours.css(style.background, theme.background);
    const reverse = (flags & Flag.reverse) !== 0;
    const ink: Ink = {
      font: fontOf(this.#font, this.#metrics.fontPx, (flags & Flag.bold) !== 0, (flags & Flag.italic) !== 0),
      foreground: reverse ? background : foreground,
      background: reverse ? foreground : style.background === null ? null : background,
      alpha: flags & Flag.dim ? DIM_ALPHA : 1,
      hidden: (flags & Flag.hidden) !== 0,
      decorated:
        underlineOf(style) !== 0 ||
        style.link !== null ||
        (flags & (Flag.overline | Flag.strikethrough)) !== 0,
    };
    this.#inks.set(style, ink);
    return ink;
  }

  #glyph(text: string, width: number, ink: Ink): Glyph {
    if (width === 1 && text.length === 1 && text < "\x7f") return "run";
    const key = `${ink.font.startsWith("italic") ? "/" : ""}${width}${text}`;
    const known = this.#glyphs.get(key);
    if (known !== undefined) return known;
    if (this.#glyphs.size >= MAX_KEPT_GLYPHS) this.#glyphs.clear();
    const glyph = this.#judge(text, width, ink);
    this.#glyphs.set(key, glyph);
    return glyph;
  }

  #judge(text: string, width: number, ink: Ink): Glyph {
    const code = text.codePointAt(0) ?? 0;
    const single = text.length === (code > 0xffff ? 2 : 1);
    if (single && width === 1) {
      // Columns are a pixel apart in width when cells are not whole: the wider one leaves no gap.
      const box = { width: Math.ceil(this.#metrics.width - 1e-6), height: this.#metrics.height };
      const shapes = boxShapes(code, box) ?? blockShapes(code, box);
      if (shapes !== null) return shapes;
    }
    if (!single || width !== 1) return "alone";
    this.#useFont(ink.font);
    const advance = this.#context.measureText(text).width;
    return Math.abs(advance - this.#metrics.width) <= RUN_TOLERANCE * this.#metrics.width ? "run" : "alone";
  }
}
