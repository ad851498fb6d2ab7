/** Scrollback, drawn by us: pages are fetched when they come into sight, newest first. */

import type { TerminalFont, TerminalTheme } from "./theme";

/** The body of `GET /api/sessions/{id}/scrollback`, not checked yet. */
export type FetchHistoryPage = (
  before: number | null,
  limit: number,
  signal: AbortSignal,
) => Promise<unknown>;

export interface HistoryViewOptions {
  readonly theme: TerminalTheme;
  readonly font: TerminalFont;
  readonly fontPx: number;
  readonly columns: number;
  readonly fetchPage: FetchHistoryPage;
  /** The person is back at the bottom, or pressed a key: show the live terminal again. */
  readonly onLeave: (cause: "bottom" | "key", event: KeyboardEvent | null) => void;
  readonly onFault?: (message: string) => void;
}

/** Mutable; owns the element that it makes inside `container` (over the live terminal). */
export class HistoryView {
  constructor(_container: HTMLElement, _options: HistoryViewOptions) {
    throw new Error("not there yet");
  }

  declare focus: () => void;
  declare setTheme: (theme: TerminalTheme) => void;
  declare dispose: () => void;
}
