/**
 * Makes an xterm.js terminal take cell widths from the stream that `VtWriter` writes, not from a Unicode table,
 * so that its columns are the server's whatever the text.
 */

/** What is used of xterm.js: `Terminal` of @xterm/xterm and of @xterm/headless both fit. */
interface TerminalPart {
  readonly unicode: {
    register(provider: UnicodeProvider): void;
    activeVersion: string;
  };
  readonly parser: {
    registerCsiHandler(
      id: { readonly prefix: string; readonly final: string },
      callback: (parameters: readonly (number | number[])[]) => boolean,
    ): { dispose(): void };
  };
}

interface UnicodeProvider {
  readonly version: string;
  wcwidth(codePoint: number): 0 | 1 | 2;
  charProperties(codePoint: number, preceding: number): number;
}

const VERSION = "orchestra";
/** xterm.js packs properties as `state << 3 | width << 1 | joins`; an escape sequence resets `preceding` to 0. */
const PLAIN = 1 << 1;
const JOINS = 1;
const STARTED = 1 << 3;

/** Mutable; one per terminal. `CSI > 0 w`: a code point is a cell; `CSI > n w`: what follows is one cell, n wide. */
export class CellWidths implements UnicodeProvider {
  readonly version = VERSION;
  #declared = 0;

  install(terminal: TerminalPart): void {
    terminal.parser.registerCsiHandler({ prefix: ">", final: "w" }, ([width]) => {
      this.#declared = width === 1 || width === 2 ? width : 0;
      return true;
    });
    terminal.unicode.register(this);
    terminal.unicode.activeVersion = VERSION;
  }

  wcwidth(_codePoint: number): 0 | 1 | 2 {
    return 1;
  }

  charProperties(_codePoint: number, preceding: number): number {
    if (this.#declared === 0) return PLAIN;
    const cell = STARTED | (this.#declared << 1);
    return preceding === 0 ? cell : cell | JOINS;
  }
}
