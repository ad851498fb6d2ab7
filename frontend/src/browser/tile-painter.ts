/** Draws one terminal's screen on a canvas that scales to its tile. */

import type { Cursor, Line } from "../core";
import { ColourTable } from "./colour-table";
import { cursorLook, paintCursor } from "./cursor-painter";
import { LinePainter } from "./line-painter";
import { type CellMetrics, type FontShape, fitCells, loadFont, measureFont } from "./measure";
import type { PaintScheduler } from "./paint-scheduler";
import type { ScreenSource } from "./screen-source";
import { findShift } from "./shift";
import type { TerminalFont, TerminalTheme } from "./theme";

export interface TilePainterOptions {
  readonly scheduler: PaintScheduler;
  readonly theme: TerminalTheme;
  readonly font: TerminalFont;
  /** A focused screen has a filled cursor, others a hollow one. Default false. */
  readonly focused?: boolean;
  /** Largest font size in CSS px that a roomy tile may use; default 16. */
  readonly maxFontPx?: number;
}

const DEFAULT_MAX_FONT_PX = 16;

/** Mutable; owns its canvas's size, style and content. Draws nothing while its box has no area. */
export class TilePainter {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D | null;
  readonly #source: ScreenSource;
  readonly #scheduler: PaintScheduler;
  readonly #maxFontPx: number;
  readonly #endWatch: () => void;
  #colours: ColourTable;
  #font: TerminalFont;
  #shape: FontShape | null = null;
  #box = { width: 0, height: 0 };
  #focused: boolean;
  #metrics: CellMetrics | null = null;
  #lines: LinePainter | null = null;
  /** Versions of the rows as painted; empty: everything must be painted. */
  #painted: number[] = [];
  #paintedSize = "";
  #paintedCursor: { readonly cursor: Cursor; readonly focused: boolean } | null = null;
  #disposed = false;

  constructor(canvas: HTMLCanvasElement, source: ScreenSource, options: TilePainterOptions) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d", { alpha: false });
    this.#source = source;
    this.#scheduler = options.scheduler;
    this.#maxFontPx = options.maxFontPx ?? DEFAULT_MAX_FONT_PX;
    this.#colours = new ColourTable(options.theme);
    this.#font = options.font;
    this.#focused = options.focused ?? false;
    this.#endWatch = source.watch(() => this.#scheduler.request(this));
    void this.#loadFont();
  }

  /** Font size in use, CSS px; 0 before the first painting. */
  get fontPx(): number {
    return this.#metrics === null ? 0 : this.#metrics.fontPx / window.devicePixelRatio;
  }

  /** The box in CSS px that rows x columns must fit; call it from a ResizeObserver. */
  setBox(widthPx: number, heightPx: number): void {
    this.#box = { width: widthPx, height: heightPx };
    this.#scheduler.request(this);
  }

  setTheme(theme: TerminalTheme): void {
    this.#colours = new ColourTable(theme);
    this.#startAnew();
  }

  setFont(font: TerminalFont): void {
    this.#font = font;
    this.#shape = null;
    void this.#loadFont();
  }

  setFocused(focused: boolean): void {
    this.#focused = focused;
    this.#scheduler.request(this);
  }

  /** Stops watching the source; the canvas keeps its last picture. */
  dispose(): void {
    this.#disposed = true;
    this.#endWatch();
    this.#scheduler.cancel(this);
  }

  /** Called by the scheduler. */
  paint(): void {
    const { screen } = this.#source;
    if (this.#context === null || screen.rows === 0 || this.#box.width <= 0 || this.#box.height <= 0) return;
    const lines = this.#layOut(this.#context, screen.rows, screen.columns);
    if (lines === null) return;
    this.#paintRows(lines, screen.lines);
    this.#paintCursor(this.#context, lines, screen.lines, screen.cursor);
  }

  async #loadFont(): Promise<void> {
    const font = this.#font;
    await loadFont(font);
    if (this.#disposed || font !== this.#font) return;
    this.#shape = measureFont(font);
    this.#startAnew();
  }

  #startAnew(): void {
    this.#paintedSize = "";
    this.#scheduler.request(this);
  }

  /** Brings canvas and metrics to the box; null as long as the font is not measured. */
  #layOut(context: CanvasRenderingContext2D, rows: number, columns: number): LinePainter | null {
    if (this.#shape === null) return null;
    const ratio = window.devicePixelRatio;
    const size = `${rows}x${columns} in ${this.#box.width}x${this.#box.height} at ${ratio}`;
    if (size === this.#paintedSize) return this.#lines;
    this.#paintedSize = size;
    const box = { width: this.#box.width * ratio, height: this.#box.height * ratio };
    const metrics = fitCells(box, rows, columns, this.#shape, this.#maxFontPx * ratio);
    const width = Math.round(columns * metrics.width);
    const height = rows * metrics.height;
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.#canvas.style.width = `${width / ratio}px`;
    this.#canvas.style.height = `${height / ratio}px`;
    this.#metrics = metrics;
    this.#painted = [];
    this.#paintedCursor = null;
    this.#lines = new LinePainter(context, this.#colours, this.#font, metrics);
    return this.#lines;
  }

  #paintRows(lines: LinePainter, screenLines: readonly Line[]): void {
    const { cursor } = this.#source.screen;
    const shown = this.#paintedCursor;
    if (shown !== null && (shown.cursor !== cursor || shown.focused !== this.#focused)) {
      // The row under the old cursor has to come out from beneath it.
      this.#painted[shown.cursor.row] = -1;
      this.#paintedCursor = null;
    }
    const height = this.#metrics?.height ?? 0;
    this.#copyMovedRows(screenLines, height);
    for (const [row, line] of screenLines.entries()) {
      if (this.#painted[row] === line.version) continue;
      this.#painted[row] = line.version;
      lines.paint(line, row * height);
      if (this.#paintedCursor?.cursor.row === row) this.#paintedCursor = null;
    }
  }

  /** Scrolled text is copied on the canvas; only what came new is drawn. */
  #copyMovedRows(screenLines: readonly Line[], height: number): void {
    const shift = this.#context === null ? null : findShift(this.#painted, screenLines);
    if (shift === null) return;
    const cursorRow = this.#paintedCursor?.cursor.row;
    const { first, last, by } = shift;
    const { width } = this.#canvas;
    const area = (last - first) * height;
    this.#context?.drawImage(
      this.#canvas,
      0,
      (first + by) * height,
      width,
      area,
      0,
      first * height,
      width,
      area,
    );
    const moved = this.#painted.slice(first + by, last + by);
    for (const [offset, version] of moved.entries()) this.#painted[first + offset] = version;
    if (cursorRow === undefined) return;
    // The cursor was drawn over its row, and went along.
    this.#painted[cursorRow] = -1;
    if (cursorRow - by >= first && cursorRow - by < last) this.#painted[cursorRow - by] = -1;
    this.#paintedCursor = null;
  }

  #paintCursor(
    context: CanvasRenderingContext2D,
    lines: LinePainter,
    screenLines: readonly Line[],
    cursor: Cursor,
  ): void {
    const line = screenLines[cursor.row];
    if (this.#paintedCursor !== null || line === undefined || this.#metrics === null) return;
    this.#paintedCursor = { cursor, focused: this.#focused };
    if (!cursor.visible) return;
    const look = cursorLook(cursor.shape, this.#focused);
    paintCursor(context, lines, this.#metrics, this.#colours.theme, line, cursor, look);
  }
}
