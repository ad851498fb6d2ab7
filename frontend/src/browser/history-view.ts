/** Scrollback, drawn by us: the history's rows and below them the screen as it was; pages come as they are needed. */

import { findText, Line, type Screen } from "../core";
import { ColourTable } from "./colour-table";
import { historyKey } from "./history-key";
import { HistoryModel } from "./history-model";
import { HistorySearch, type SearchResult } from "./history-search";
import { HistoryText } from "./history-text";
import { LinePainter } from "./line-painter";
import { type CellMetrics, type FontShape, fitCells, loadFont, measureFont } from "./measure";
import type { TerminalFont, TerminalTheme } from "./theme";

/** Fetches `GET /api/sessions/{id}/scrollback`; the body is not checked yet. */
export type FetchHistoryPage = (
  before: number | null,
  limit: number,
  signal: AbortSignal,
) => Promise<unknown>;

/** Fetches `GET /api/sessions/{id}/scrollback/search`; the body is not checked yet. */
export type FetchFound = (text: string, signal: AbortSignal) => Promise<unknown>;

export interface HistoryViewOptions {
  readonly theme: TerminalTheme;
  readonly font: TerminalFont;
  /** CSS px; smaller where the columns would not fit. */
  readonly fontPx: number;
  readonly columns: number;
  /** Its rows, as they are now, continue the history below, so that scrolling down ends on what was there. */
  readonly screen?: Screen;
  readonly fetchPage: FetchHistoryPage;
  readonly fetchFound: FetchFound;
  /** The person pressed the key that searches. */
  readonly onFind?: () => void;
  /** It is opened to be searched: it shows itself even where nothing has scrolled away. */
  readonly searching?: boolean;
  /** The person is back at the bottom, or pressed a key: show the live terminal again. */
  readonly onLeave: (cause: "bottom" | "key", event: KeyboardEvent | null) => void;
  readonly onFault?: (message: string) => void;
}

/** The history opens this many rows above its end, so that something has moved. */
const OPENING_ROWS = 3;
/** This near to the end, CSS px, is the end. */
const BOTTOM_PX = 1;
/** Found text has amber laid over it; at the row where the person is it stands dark on amber, in every theme. */
const MARK = "#ffb224";
const MARK_ALPHA = 0.35;
const CURRENT_TEXT = "#1c1300";

/** Mutable; owns the element that it makes inside `container` (over the live terminal). */
export class HistoryView {
  readonly #host = document.createElement("div");
  readonly #space = document.createElement("div");
  readonly #canvas = document.createElement("canvas");
  readonly #text: HistoryText;
  readonly #options: HistoryViewOptions;
  readonly #model: HistoryModel;
  readonly #live: readonly Line[];
  readonly #search = new HistorySearch();
  readonly #ended = new AbortController();
  readonly #observer: ResizeObserver;
  #colours: ColourTable;
  #shape: FontShape | null = null;
  #metrics: CellMetrics | null = null;
  #lines: LinePainter | null = null;
  #fetching = false;
  #faulty = false;
  /** The first page came and the view went up: from now on the bottom means leaving. */
  #opened = false;
  #asked = false;
  #searching: boolean;
  #asking: AbortController | null = null;
  readonly #ready: Promise<void>;

  constructor(container: HTMLElement, options: HistoryViewOptions) {
    this.#options = options;
    this.#searching = options.searching ?? false;
    this.#colours = new ColourTable(options.theme);
    this.#model = new HistoryModel(options.columns);
    this.#live = (options.screen?.lines ?? []).map(copyOf);
    this.#host.tabIndex = 0;
    this.#host.setAttribute("role", "region");
    this.#host.setAttribute("aria-label", "Scrollback");
    this.#host.style.cssText =
      "position:absolute;inset:0;overflow:hidden auto;overscroll-behavior:contain;scrollbar-width:thin;outline:none;z-index:1";
    this.#canvas.style.cssText = "position:sticky;top:0;display:block";
    this.#space.style.cssText = "position:relative;width:100%";
    this.#text = new HistoryText(this.#space);
    this.#space.append(this.#canvas);
    this.#host.append(this.#space);
    container.append(this.#host);
    this.#listen();
    this.#observer = new ResizeObserver(() => this.#startAnew());
    this.#observer.observe(this.#host);
    this.#useTheme();
    this.#ready = this.#open();
  }

  focus(): void {
    this.#host.focus({ preventScroll: true });
  }

  setTheme(theme: TerminalTheme): void {
    this.#colours = new ColourTable(theme);
    this.#useTheme();
    this.#startAnew();
  }

  /**
   * Looks for a text, newest first, marks it and shows the newest row that holds it; null when a newer search came.
   * Rejects as `fetchFound` does.
   */
  async search(text: string): Promise<SearchResult | null> {
    this.#asking?.abort();
    this.#search.begin(text);
    this.#paintSoon();
    if (text === "") return this.#search.result;
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    const body = await this.#options
      .fetchFound(text, AbortSignal.any([signal, this.#ended.signal]))
      .catch((error: unknown) => {
        if (signal.aborted || this.#ended.signal.aborted) return null;
        throw error;
      });
    await this.#ready;
    if (body === null || signal.aborted || this.#ended.signal.aborted) return null;
    const total = this.#model.total ?? 0;
    const onScreen = [...this.#live.keys()].filter(
      (row) => findText(this.#live[row] as Line, text).length > 0,
    );
    const fault = this.#search.accept(
      body,
      total,
      onScreen.map((row) => row + total),
    );
    if (fault !== null) throw new Error(fault);
    this.#showFound();
    return this.#search.result;
  }

  /** Goes to the next older row that holds the text (1), or the next newer one (-1). */
  step(older: 1 | -1): SearchResult {
    this.#search.step(older);
    this.#showFound();
    return this.#search.result;
  }

  /** While a search goes on, the end of the rows is no reason to leave. */
  setSearching(on: boolean): void {
    this.#searching = on;
    if (on) return;
    this.#asking?.abort();
    this.#search.begin("");
    this.#paintSoon();
  }

  dispose(): void {
    this.#ended.abort();
    this.#observer.disconnect();
    this.#host.remove();
  }

  #listen(): void {
    const { signal } = this.#ended;
    this.#host.addEventListener("scroll", () => this.#scrolled(), { signal, passive: true });
    this.#host.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.#host.addEventListener(
      "wheel",
      (event) => {
        // Down at the very end: nothing scrolls any more, and still it means "back".
        if (event.deltaY > 0 && this.#atBottom() && !this.#searching) this.#leave("bottom", null);
      },
      { signal, passive: true },
    );
  }

  async #open(): Promise<void> {
    await Promise.all([loadFont(this.#options.font), this.#fetch({ before: null, limit: 200 })]);
    if (this.#ended.signal.aborted) return;
    this.#shape = measureFont(this.#options.font);
    if (this.#model.total === 0 && !this.#searching) {
      this.#leave("bottom", null);
      return;
    }
    this.#layOut();
    const height = this.#rowPx();
    this.#host.scrollTop = this.#bottom() - OPENING_ROWS * height;
    this.#opened = true;
    this.#paintSoon();
  }

  #useTheme(): void {
    const { theme } = this.#colours;
    this.#host.style.background = theme.background;
    this.#host.style.setProperty("--history-selection", theme.selection);
  }

  #startAnew(): void {
    this.#lines = null;
    this.#paintSoon();
  }

  #rows(): number {
    return (this.#model.total ?? 0) + this.#live.length;
  }

  /** Height of a row, CSS px. */
  #rowPx(): number {
    return (this.#metrics?.height ?? 1) / window.devicePixelRatio;
  }

  #bottom(): number {
    return this.#host.scrollHeight - this.#host.clientHeight;
  }

  #atBottom(): boolean {
    return this.#host.scrollTop >= this.#bottom() - BOTTOM_PX;
  }

  #scrolled(): void {
    this.#paintSoon();
    if (this.#opened && this.#atBottom() && !this.#searching) this.#leave("bottom", null);
  }

  #leave(cause: "bottom" | "key", event: KeyboardEvent | null): void {
    if (this.#ended.signal.aborted) return;
    this.#options.onLeave(cause, event);
  }

  #key(event: KeyboardEvent): void {
    if (event.defaultPrevented) return;
    const key = historyKey(event);
    if (key.kind === "ignore") return;
    event.preventDefault();
    if (key.kind === "find") this.#options.onFind?.();
    else if (key.kind === "leave") this.#leave("key", event);
    else if (key.kind === "scroll") this.#host.scrollTop += key.rows * this.#rowPx();
    else if (key.kind === "page")
      this.#host.scrollTop += key.pages * (this.#host.clientHeight - this.#rowPx());
    else this.#host.scrollTop = key.to === "top" ? 0 : this.#bottom();
  }

  #paintSoon(): void {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      if (!this.#ended.signal.aborted) this.#paint();
    });
  }

  /** Brings canvas, space and metrics to the box; null as long as the font is not measured. */
  #layOut(): LinePainter | null {
    if (this.#lines !== null) return this.#lines;
    const context = this.#canvas.getContext("2d", { alpha: false });
    if (context === null || this.#shape === null || this.#host.clientWidth === 0) return null;
    const ratio = window.devicePixelRatio;
    const before = this.#rowPx();
    const box = { width: this.#host.clientWidth * ratio, height: Number.POSITIVE_INFINITY };
    this.#metrics = fitCells(box, 1, this.#options.columns, this.#shape, this.#options.fontPx * ratio);
    const row = this.#host.scrollTop / before;
    this.#canvas.width = Math.round(box.width);
    this.#canvas.height = Math.round(this.#host.clientHeight * ratio);
    this.#canvas.style.width = `${this.#host.clientWidth}px`;
    this.#canvas.style.height = `${this.#host.clientHeight}px`;
    this.#space.style.height = `${this.#rows() * this.#rowPx()}px`;
    if (this.#opened) this.#host.scrollTop = row * this.#rowPx();
    this.#text.layOut(this.#options.font, this.#metrics, ratio);
    this.#lines = new LinePainter(context, this.#colours, this.#options.font, this.#metrics);
    return this.#lines;
  }

  #paint(): void {
    const painter = this.#layOut();
    const metrics = this.#metrics;
    const context = this.#canvas.getContext("2d", { alpha: false });
    if (painter === null || metrics === null || context === null) return;
    const top = Math.round(this.#host.scrollTop * window.devicePixelRatio);
    const first = Math.floor(top / metrics.height);
    const last = Math.min(this.#rows(), first + Math.ceil(this.#canvas.height / metrics.height) + 1);
    context.fillStyle = this.#colours.theme.background;
    context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    for (let row = first; row < last; row += 1) {
      const line = this.#line(row);
      if (line === undefined) continue;
      painter.paint(line, row * metrics.height - top);
      this.#mark(painter, line, row, row * metrics.height - top);
    }
    this.#text.show(first, last, (row) => this.#line(row));
    void this.#need(first, last);
  }

  #mark(painter: LinePainter, line: Line, row: number, top: number): void {
    for (const { from, to } of findText(line, this.#search.text)) {
      if (row !== this.#search.row) painter.mark(from, to, top, MARK, MARK_ALPHA);
      else for (let column = from; column < to; column += 1) this.#markCell(painter, line, column, top);
    }
  }

  #markCell(painter: LinePainter, line: Line, column: number, top: number): void {
    if (line.width(column) > 0) painter.paintCell(line, column, top, CURRENT_TEXT, MARK);
  }

  /** Brings the row that was found into sight, in the middle unless it is there already. */
  #showFound(): void {
    this.#paintSoon();
    const { row } = this.#search;
    if (row === null) return;
    const top = row * this.#rowPx();
    const { scrollTop, clientHeight } = this.#host;
    if (top >= scrollTop && top + this.#rowPx() <= scrollTop + clientHeight) return;
    this.#host.scrollTop = top - (clientHeight - this.#rowPx()) / 2;
  }

  #line(row: number): Line | undefined {
    const total = this.#model.total ?? 0;
    return row < total ? this.#model.line(row) : this.#live[row - total];
  }

  async #need(first: number, last: number): Promise<void> {
    const request = this.#model.missing(first, last);
    if (request === null || this.#fetching || this.#faulty) return;
    await this.#fetch(request);
    this.#paintSoon();
  }

  async #fetch(request: { readonly before: number | null; readonly limit: number }): Promise<void> {
    this.#fetching = true;
    try {
      const body = await this.#options.fetchPage(request.before, request.limit, this.#ended.signal);
      const fault = this.#model.accept(request, body);
      if (fault !== null) this.#fault(fault);
    } catch (error) {
      if (!this.#ended.signal.aborted) this.#fault(error instanceof Error ? error.message : String(error));
    } finally {
      this.#fetching = false;
    }
  }

  /** One fault is told, and nothing more is fetched: the person may leave and come again. */
  #fault(message: string): void {
    this.#faulty = true;
    this.#options.onFault?.(message);
  }
}

function copyOf(line: Line): Line {
  const copy = new Line(line.columns, line.version);
  for (const [column, text] of line.texts.entries()) copy.texts[column] = text;
  for (const [column, style] of line.styles.entries()) copy.styles[column] = style;
  return copy;
}
