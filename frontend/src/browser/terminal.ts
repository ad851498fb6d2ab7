/** The opened terminal: xterm.js, fed with the screen's changes, giving back keys, pastes and mouse. */

import type { ScreenSource } from "./screen-source";
import type { TerminalFont, TerminalTheme } from "./theme";

export interface OpenTerminalOptions {
  readonly theme: TerminalTheme;
  readonly font: TerminalFont;
  /** Largest font size in CSS px; default 20. */
  readonly maxFontPx?: number;
  /** May this viewer type? Without it no key leaves the page. Default true. */
  readonly writable?: boolean;
  readonly onInput: (data: string) => void;
  /** Bytes that are not UTF-8 (old mouse reports): each character of `data` is one byte. */
  readonly onBytes: (data: string) => void;
  readonly onPaste: (text: string) => void;
  /** A link of the terminal was clicked (http and https only): show the full address, then open it. */
  readonly onLink: (url: string) => void;
  /** The wheel went up and the application does not want it: open the history. */
  readonly onHistory: () => void;
  /** First refusal of a key event: return true and the terminal does not get it (palette, leader key). */
  readonly ownsKey?: (event: KeyboardEvent) => boolean;
}

/** Mutable; owns the element that it makes inside `container`. Never resizes the session by itself. */
export class OpenTerminal {
  constructor(_container: HTMLElement, _source: ScreenSource, _options: OpenTerminalOptions) {
    throw new Error("not there yet");
  }

  declare focus: () => void;
  declare blur: () => void;
  declare setTheme: (theme: TerminalTheme) => void;
  declare setFont: (font: TerminalFont) => void;
  declare setWritable: (writable: boolean) => void;
  /** The box changed: scales the font so that rows x columns fit. Called by its own ResizeObserver as well. */
  declare fit: () => void;
  /** Rows and columns that would fill the box at the preferred font size: "Fit to my window". */
  declare proposedSize: (fontPx?: number) => { readonly rows: number; readonly columns: number };
  /** Selected text, "" when there is none. */
  declare selection: () => string;
  /** For a key bar on a phone: the same way that typed keys go. */
  declare type: (data: string) => void;
  declare dispose: () => void;
}
