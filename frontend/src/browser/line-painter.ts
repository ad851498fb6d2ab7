/** Draws rows of cells on a canvas: backgrounds, text in runs of one style, geometry, decorations. */

import { Flag, type Line, type Style, sameStyle, underlineOf } from "../core";
import type { ColourTable } from "./colour-table";
import { drawOverline, drawStrikethrough, drawUnderline } from "./decoration";
import { type Alone, GlyphTable } from "./glyph";
import { type Ink, InkTable } from "./ink";
import type { CellMetrics } from "./measure";
import type { Shape } from "./shape";
import type { TerminalFont } from "./theme";

/** Mutable; owned by one painter; made anew for another theme, font or size. */
export class LinePainter {
  readonly #context: CanvasRenderingContext2D;
  readonly #colours: ColourTable;
  readonly #metrics: CellMetrics;
  readonly #inks: InkTable;
  readonly #glyphs: GlyphTable;
  #usedFont = "";

  constructor(
    context: CanvasRenderingContext2D,
    colours: ColourTable,
    font: TerminalFont,
    metrics: CellMetrics,
  ) {
    this.#context = context;
    this.#colours = colours;
    this.#inks = new InkTable(colours, font, metrics);
    this.#glyphs = new GlyphTable(metrics, (text, cssFont) => {
      this.#useFont(cssFont);
      return context.measureText(text);
    });
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

  /** Lays a colour over some columns of a row that was drawn, so that the text below stays legible. */
  mark(from: number, to: number, top: number, colour: string, alpha: number): void {
    this.#context.globalAlpha = alpha;
    this.#fill(colour, from, to, top);
    this.#context.globalAlpha = 1;
  }

  /** Draws one cell anew in two colours: what stands under a block cursor. */
  paintCell(line: Line, column: number, top: number, foreground: string, background: string): void {
    const context = this.#context;
    const left = this.x(column);
    const right = this.x(column + Math.max(1, line.width(column)));
    context.fillStyle = background;
    context.fillRect(left, top, right - left, this.#metrics.height);
    const ink = this.#inks.of(line.style(column));
    const text = line.text(column);
    if (ink.hidden || text === " " || text === "") return;
    this.#begin({ ...ink, foreground });
    const glyph = this.#glyphs.of(text, line.width(column), ink.font);
    if (glyph === "run")
      this.#context.fillText(text, column * this.#metrics.width, top + this.#metrics.baseline);
    else this.#drawOne(glyph, text, column, line.width(column), top);
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
      const background = next === undefined ? null : this.#inks.of(next).background;
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
      const glyph = this.#glyphs.of(text, width, this.#inks.of(next).font);
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
    const ink = this.#inks.of(style);
    if (ink.hidden) return;
    this.#begin(ink);
    this.#context.fillText(run, start * this.#metrics.width, top + this.#metrics.baseline);
  }

  #drawGlyph(
    glyph: Alone | readonly Shape[],
    text: string,
    column: number,
    width: number,
    top: number,
    style: Style,
  ) {
    const ink = this.#inks.of(style);
    if (ink.hidden) return;
    this.#begin(ink);
    this.#drawOne(glyph, text, column, width, top);
  }

  #drawOne(glyph: Alone | readonly Shape[], text: string, column: number, width: number, top: number): void {
    if ("fits" in glyph) this.#drawAlone(glyph, text, column, width, top);
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
  #drawAlone(glyph: Alone, text: string, column: number, width: number, top: number): void {
    const context = this.#context;
    const { height, baseline } = this.#metrics;
    const left = this.x(column);
    const room = this.x(column + width) - left;
    const squeeze = Math.min(1, room / glyph.advance);
    const offset = (room - glyph.advance * squeeze) / 2;
    if (glyph.fits) {
      context.fillText(text, left + offset, top + baseline);
      return;
    }
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
        const ink = this.#inks.of(style);
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
}
