/** The opened terminal: a focused view, xterm.js over it, and the history that the wheel brings up. */

import { asProblem } from "@/api/problem";
import {
  HistoryView,
  OpenTerminal,
  type SearchResult,
  type TerminalFont,
  type TerminalTheme,
  type TerminalView,
} from "@/browser";
import { withControl } from "@/store/key-bar";
import type { Orchestra } from "./orchestra";
import { tell } from "./perform";

/** Updates a second of the terminal in front of a person. */
const FOCUSED_FPS = 60;

export interface TerminalScreenOptions {
  readonly theme: TerminalTheme;
  readonly font: TerminalFont;
  readonly writable: boolean;
  /** The history came up, or went away. */
  readonly onHistory: (shown: boolean) => void;
  /** The person wants to search in the history, which is shown now. */
  readonly onFind: () => void;
  /** The pointer is over a link, or no longer. */
  readonly onLink: (url: string | null) => void;
  /** A Ctrl that waited for the next key was used up. */
  readonly onControlUsed: () => void;
}

/** Mutable; owned by the place that shows it. Writes `orchestra.terminal` while it lives. */
export class TerminalScreen {
  readonly #orchestra: Orchestra;
  readonly #container: HTMLElement;
  readonly #sessionId: string;
  readonly #options: TerminalScreenOptions;
  readonly #view: TerminalView;
  readonly #terminal: OpenTerminal;
  #history: HistoryView | null = null;
  #theme: TerminalTheme;
  #control = false;

  constructor(
    orchestra: Orchestra,
    container: HTMLElement,
    sessionId: string,
    options: TerminalScreenOptions,
  ) {
    this.#orchestra = orchestra;
    this.#container = container;
    this.#sessionId = sessionId;
    this.#options = options;
    this.#theme = options.theme;
    this.#view = orchestra.link.view(sessionId, { visible: true, focused: true, maxFps: FOCUSED_FPS });
    this.#terminal = new OpenTerminal(container, this.#view, {
      theme: options.theme,
      font: options.font,
      writable: options.writable,
      onInput: (data) => this.#input(data),
      onBytes: (data) => orchestra.link.inputBytes(sessionId, data),
      onPaste: (text) => orchestra.link.paste(sessionId, text),
      onLink: openLink,
      onLinkHover: options.onLink,
      onHistory: () => this.showHistory(),
    });
    orchestra.terminal = {
      focus: () => this.focus(),
      fit: () => this.fit(),
      type: (data) => this.#terminal.type(data),
      find: () => this.find(),
    };
  }

  focus(): void {
    if (this.#history === null) this.#terminal.focus();
    else this.#history.focus();
  }

  /** Asks the daemon to give the terminal the size of this window, for everyone. */
  fit(): void {
    const { rows, columns } = this.#terminal.proposedSize();
    this.#orchestra.link.resize(this.#sessionId, rows, columns);
    this.focus();
  }

  setTheme(theme: TerminalTheme): void {
    this.#theme = theme;
    this.#terminal.setTheme(theme);
    this.#history?.setTheme(theme);
  }

  setWritable(writable: boolean): void {
    this.#terminal.setWritable(writable);
  }

  /** Keeps a text copy of the screen for screen readers. */
  setScreenReader(on: boolean): void {
    this.#terminal.setScreenReader(on);
  }

  /** The next key is sent as its control form. */
  setControl(on: boolean): void {
    this.#control = on;
  }

  /** Shows the history and asks for what to look for. */
  find(): void {
    this.showHistory(true);
    this.#history?.setSearching(true);
    this.#options.onFind();
  }

  /** Looks for a text in the history; null when a newer search came or the history went. */
  async search(text: string): Promise<SearchResult | null> {
    try {
      return (await this.#history?.search(text)) ?? null;
    } catch (error) {
      tell(this.#orchestra, "The history could not be searched.", error);
      return null;
    }
  }

  /** Goes to the next older row that was found (1), or the next newer one (-1). */
  step(older: 1 | -1): SearchResult | null {
    return this.#history?.step(older) ?? null;
  }

  /** Ends the search; the history stays where it is. */
  endSearch(): void {
    this.#history?.setSearching(false);
    this.#history?.focus();
  }

  showHistory(searching = false): void {
    if (this.#history !== null) return;
    this.#history = new HistoryView(this.#container, {
      theme: this.#theme,
      font: this.#options.font,
      fontPx: this.#terminal.fontPx,
      columns: this.#view.screen.columns,
      screen: this.#view.screen,
      fetchPage: (before, limit, signal) =>
        this.#orchestra.api.scrollback(this.#sessionId, before, limit, signal),
      searching,
      fetchFound: (text, signal) => this.#orchestra.api.searchScrollback(this.#sessionId, text, signal),
      onFind: () => this.find(),
      onLeave: (cause, event) => this.#leaveHistory(cause === "key" ? event : null),
      onFault: (message) =>
        tell(this.#orchestra, "The history could not be read.", asProblem(new Error(message))),
    });
    this.#options.onHistory(true);
    if (!searching) this.#history.focus();
  }

  leaveHistory(): void {
    this.#leaveHistory(null);
  }

  dispose(): void {
    this.#history?.dispose();
    this.#terminal.dispose();
    this.#view.release();
    this.#orchestra.terminal = null;
  }

  #leaveHistory(key: KeyboardEvent | null): void {
    this.#history?.dispose();
    this.#history = null;
    this.#options.onHistory(false);
    this.#terminal.focus();
    if (key !== null && key.key.length === 1 && !key.ctrlKey && !key.metaKey && !key.altKey)
      this.#terminal.type(key.key);
  }

  #input(data: string): void {
    const sent = this.#control ? withControl(data) : data;
    if (this.#control) this.#options.onControlUsed();
    this.#control = false;
    this.#orchestra.link.input(this.#sessionId, sent);
  }
}

/** The terminal has shown the whole address on hover; a program's page learns nothing about this one. */
function openLink(url: string): void {
  window.open(url, "_blank", "noopener,noreferrer");
}
