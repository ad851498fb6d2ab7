/** The colours of a terminal. The page's theme makes one; painters take a new one at any time. */

export interface TerminalTheme {
  /** CSS colours 0..15: black red green yellow blue magenta cyan white, then the bright eight. */
  readonly palette: readonly string[];
  readonly foreground: string;
  readonly background: string;
  readonly cursor: string;
  /** Colour of the text under a block cursor. */
  readonly cursorText: string;
  readonly selection: string;
}

export interface TerminalFont {
  /** CSS font-family list, monospaced. */
  readonly family: string;
  readonly weight: number;
  readonly boldWeight: number;
}
