/** The opened terminal: xterm.js, fed with the screen's changes, giving back keys, pastes and mouse. */

import "@xterm/xterm/css/xterm.css";
import "./open-terminal.css";
import type { Terminal } from "@xterm/xterm";
import { CellWidths, type Line, MOUSE_MODES, Mode, VtWriter } from "../core";
import { isPageAddress, type LinkInLine, linksIn } from "./link";
import { type FontShape, fitTerminalFont, loadFont, measureFont, sizeThatFits } from "./measure";
import type { ScreenSource } from "./screen-source";
import { silenceReports } from "./silence-reports";
import { keyAction } from "./terminal-key";
import type { TerminalFont, TerminalTheme } from "./theme";
import { WheelKeys } from "./wheel-keys";
import { xtermTheme } from "./xterm-theme";

export interface OpenTerminalOptions {
  readonly theme: TerminalTheme;
  readonly font: TerminalFont;
  /** Largest font size in CSS px; default 20. */
  readonly maxFontPx?: number;
  /** May this viewer type? Without it no key, paste or click leaves the page. Default true. */
  readonly writable?: boolean;
  readonly onInput: (data: string) => void;
  /** Bytes that are not UTF-8 (old mouse reports): each character of `data` is one byte. */
  readonly onBytes: (data: string) => void;
  readonly onPaste: (text: string) => void;
  /** A link of the terminal was clicked (http and https only): show the full address, then open it. */
  readonly onLink: (url: string) => void;
  /** The pointer is over a link, or, with null, no longer: where its full address can be shown. */
  readonly onLinkHover?: (url: string | null) => void;
  /** The wheel went up and the application does not want it: open the history. */
  readonly onHistory: () => void;
  /** First refusal of a key event: return true and the terminal does not get it (palette, leader key). */
  readonly ownsKey?: (event: KeyboardEvent) => boolean;
}

/** A finger that moved down this far, CSS px, asks for the history: there is no wheel on a phone. */
const HISTORY_SWIPE_PX = 32;
const DEFAULT_MAX_FONT_PX = 20;
/** "Fit to my window" aims at this font size, CSS px. */
const PREFERRED_FONT_PX = 14;

/**
 * Mutable; owns the element that it makes inside `container`. Never resizes the session by itself.
 * xterm.js is loaded when it is first needed, so the terminal appears a moment after construction.
 */
export class OpenTerminal {
  readonly #container: HTMLElement;
  readonly #host: HTMLDivElement;
  readonly #source: ScreenSource;
  readonly #options: OpenTerminalOptions;
  readonly #writer = new VtWriter();
  readonly #observer: ResizeObserver;
  readonly #ended = new AbortController();
  readonly #endWatch: () => void;
  readonly #wheelKeys = new WheelKeys();
  #terminal: Terminal | null = null;
  #shape: FontShape | null = null;
  #theme: TerminalTheme;
  #font: TerminalFont;
  #writable: boolean;
  #wantsFocus = false;
  #screenReader = false;
  /** The font was scaled to a screen; before the first frame there is none to scale to. */
  #fitted = false;
  /** xterm.js is still reading the last update. */
  #busy = false;

  constructor(container: HTMLElement, source: ScreenSource, options: OpenTerminalOptions) {
    this.#container = container;
    this.#source = source;
    this.#options = options;
    this.#theme = options.theme;
    this.#font = options.font;
    this.#writable = options.writable ?? true;
    this.#host = document.createElement("div");
    this.#host.style.cssText = "position:absolute;inset:0;overflow:hidden";
    container.append(this.#host);
    this.#observer = new ResizeObserver(() => this.fit());
    this.#observer.observe(container);
    this.#endWatch = source.watch(() => this.#feed());
    void this.#open();
  }

  /** Font size in use, CSS px. */
  get fontPx(): number {
    return this.#terminal?.options.fontSize ?? PREFERRED_FONT_PX;
  }

  focus(): void {
    this.#wantsFocus = true;
    this.#terminal?.focus();
  }

  blur(): void {
    this.#wantsFocus = false;
    this.#terminal?.blur();
  }

  setTheme(theme: TerminalTheme): void {
    this.#theme = theme;
    if (this.#terminal !== null) this.#terminal.options.theme = xtermTheme(theme);
  }

  setFont(font: TerminalFont): void {
    this.#font = font;
    void this.#useFont(font);
  }

  setWritable(writable: boolean): void {
    this.#writable = writable;
    if (this.#terminal !== null) this.#terminal.options.disableStdin = !writable;
  }

  /** Reads the screen aloud through a live region, for people who cannot see it. */
  setScreenReader(on: boolean): void {
    this.#screenReader = on;
    if (this.#terminal !== null) this.#terminal.options.screenReaderMode = on;
  }

  /** The box changed: scales the font so that rows x columns fit. Called by its own ResizeObserver as well. */
  fit(): void {
    const terminal = this.#terminal;
    const { rows, columns } = this.#source.screen;
    if (terminal === null || this.#shape === null || rows === 0) return;
    const box = this.#box();
    if (box.width <= 0 || box.height <= 0) return;
    const maxFontPx = this.#options.maxFontPx ?? DEFAULT_MAX_FONT_PX;
    const px = fitTerminalFont(box, rows, columns, this.#shape, maxFontPx, window.devicePixelRatio);
    if (terminal.options.fontSize !== px) terminal.options.fontSize = px;
    this.#fitted = true;
  }

  /** Rows and columns that would fill the box at a font size in CSS px: "Fit to my window". */
  proposedSize(fontPx: number = PREFERRED_FONT_PX): { readonly rows: number; readonly columns: number } {
    const shape = this.#shape ?? measureFont(this.#font);
    return sizeThatFits(this.#box(), shape, fontPx, window.devicePixelRatio);
  }

  /** Selected text, "" when there is none. */
  selection(): string {
    return this.#terminal?.getSelection() ?? "";
  }

  /** For a key bar on a phone: goes the way that typed keys go. */
  type(data: string): void {
    if (this.#writable && data !== "") this.#options.onInput(data);
  }

  dispose(): void {
    this.#ended.abort();
    this.#observer.disconnect();
    this.#endWatch();
    this.#terminal?.dispose();
    this.#terminal = null;
    this.#host.remove();
  }

  #box(): { readonly width: number; readonly height: number } {
    return { width: this.#container.clientWidth, height: this.#container.clientHeight };
  }

  async #open(): Promise<void> {
    const [{ Terminal }] = await Promise.all([import("@xterm/xterm"), loadFont(this.#font)]);
    if (this.#ended.signal.aborted) return;
    const terminal = new Terminal({
      allowProposedApi: true,
      convertEol: false,
      scrollback: 0,
      scrollOnUserInput: false,
      cursorBlink: false,
      cursorStyle: "block",
      cursorInactiveStyle: "outline",
      drawBoldTextInBrightColors: false,
      rescaleOverlappingGlyphs: true,
      fontFamily: this.#font.family,
      fontWeight: this.#font.weight as 400,
      fontWeightBold: this.#font.boldWeight as 700,
      theme: xtermTheme(this.#theme),
      disableStdin: !this.#writable,
      screenReaderMode: this.#screenReader,
      linkHandler: this.#linkHandler(),
      logLevel: "off",
    });
    new CellWidths().install(terminal);
    silenceReports(terminal);
    this.#shape = measureFont(this.#font);
    this.#terminal = terminal;
    this.#bind(terminal);
    this.#resize(terminal);
    terminal.open(this.#host);
    this.fit();
    this.#feed();
    if (this.#wantsFocus) terminal.focus();
  }

  #bind(terminal: Terminal): void {
    const { onInput, onBytes } = this.#options;
    terminal.onData((data) => this.#writable && onInput(data));
    terminal.onBinary((data) => this.#writable && onBytes(data));
    terminal.attachCustomKeyEventHandler((event) => this.#key(terminal, event));
    terminal.attachCustomWheelEventHandler((event) => this.#wheel(event));
    terminal.registerLinkProvider({
      provideLinks: (y, answer) => answer(this.#plainLinks(this.#source.screen.lines[y - 1], y)),
    });
    this.#bindSwipe();
    // Before xterm.js sees it: it would put the brackets around itself.
    this.#host.addEventListener("paste", (event) => this.#paste(event), {
      capture: true,
      signal: this.#ended.signal,
    });
  }

  /** Returns whether xterm.js may have the event. */
  #key(terminal: Terminal, event: KeyboardEvent): boolean {
    if (this.#options.ownsKey?.(event) === true) return false;
    const action = keyAction(event, terminal.hasSelection());
    switch (action.kind) {
      case "terminal":
        return true;
      case "browser":
        return false;
      case "copy":
        // The browser copies what xterm.js puts into the copy event; then the key is the terminal's again.
        setTimeout(() => terminal.clearSelection(), 0);
        return false;
      case "send":
        event.preventDefault();
        if (event.type === "keydown") this.type(action.data);
        return false;
    }
  }

  /** Returns whether xterm.js may have the event: only where the application wants the wheel. */
  #wheel(event: WheelEvent): boolean {
    const { modes } = this.#source.screen;
    if (modes & MOUSE_MODES) return true;
    event.preventDefault();
    if (modes & Mode.alternateScreen) this.type(this.#wheelKeys.take(event, modes, this.#rowPx()));
    else if (event.deltaY < 0) this.#options.onHistory();
    return false;
  }

  #rowPx(): number {
    return this.#host.clientHeight / Math.max(1, this.#source.screen.rows);
  }

  #bindSwipe(): void {
    const { signal } = this.#ended;
    let startY: number | null = null;
    const at = (event: TouchEvent) =>
      event.touches.length === 1 ? (event.touches[0]?.clientY ?? null) : null;
    const start = (event: TouchEvent) => {
      startY = at(event);
    };
    const move = (event: TouchEvent) => {
      const y = at(event);
      if (startY === null || y === null || y - startY < HISTORY_SWIPE_PX) return;
      startY = null;
      if (!(this.#source.screen.modes & (MOUSE_MODES | Mode.alternateScreen))) this.#options.onHistory();
    };
    this.#host.addEventListener("touchstart", start, { signal, passive: true });
    this.#host.addEventListener("touchmove", move, { signal, passive: true });
  }

  #paste(event: ClipboardEvent): void {
    event.preventDefault();
    event.stopPropagation();
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (text !== "" && this.#writable) this.#options.onPaste(text);
  }

  #linkHandler() {
    const { onLink, onLinkHover } = this.#options;
    return {
      allowNonHttpProtocols: false,
      activate: (_event: MouseEvent, url: string) => isPageAddress(url) && onLink(url),
      hover: (_event: MouseEvent, url: string) => onLinkHover?.(url),
      leave: () => onLinkHover?.(null),
    };
  }

  #plainLinks(line: Line | undefined, y: number) {
    if (line === undefined) return undefined;
    const handler = this.#linkHandler();
    return linksIn(line).map(({ url, from, to }: LinkInLine) => ({
      text: url,
      range: { start: { x: from + 1, y }, end: { x: to, y } },
      activate: handler.activate,
      hover: handler.hover,
      leave: handler.leave,
    }));
  }

  async #useFont(font: TerminalFont): Promise<void> {
    await loadFont(font);
    const terminal = this.#terminal;
    if (terminal === null || font !== this.#font) return;
    this.#shape = measureFont(font);
    terminal.options.fontWeight = font.weight as 400;
    terminal.options.fontWeightBold = font.boldWeight as 700;
    // A name that is set already is not measured again, though its face may only just have been loaded.
    terminal.options.fontFamily = "monospace";
    terminal.options.fontFamily = font.family;
    this.fit();
  }

  #resize(terminal: Terminal): void {
    const { rows, columns } = this.#source.screen;
    const sized = terminal.rows === rows && terminal.cols === columns;
    if (rows === 0 || (sized && this.#fitted)) return;
    if (!sized) terminal.resize(columns, rows);
    this.fit();
  }

  /** Gives xterm.js what changed; at most one update is on its way, so a slow page skips states instead of queueing. */
  #feed(): void {
    const terminal = this.#terminal;
    if (terminal === null || this.#busy) return;
    this.#resize(terminal);
    const text = this.#writer.update(this.#source.screen);
    if (text === "") return;
    this.#busy = true;
    terminal.write(text, () => {
      this.#busy = false;
      this.#feed();
    });
  }
}
