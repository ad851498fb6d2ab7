/** Draws one terminal's screen on a canvas that scales to its tile. */

import type { PaintScheduler } from "./paint-scheduler";
import type { ScreenSource } from "./screen-source";
import type { TerminalFont, TerminalTheme } from "./theme";

export interface TilePainterOptions {
  readonly scheduler: PaintScheduler;
  readonly theme: TerminalTheme;
  readonly font: TerminalFont;
  /** A focused screen has a filled cursor, others a hollow one. */
  readonly focused?: boolean;
  /** Largest font size in CSS px that a roomy tile may use; default 16. */
  readonly maxFontPx?: number;
}

/** Mutable; owns its canvas's size, style and content. The canvas is put top left in its (position: relative) box. */
export class TilePainter {
  constructor(_canvas: HTMLCanvasElement, _source: ScreenSource, _options: TilePainterOptions) {
    throw new Error("not there yet");
  }

  /** The box in CSS px that rows x columns must fit; call it from a ResizeObserver. */
  declare setBox: (widthPx: number, heightPx: number) => void;
  declare setTheme: (theme: TerminalTheme) => void;
  declare setFont: (font: TerminalFont) => void;
  declare setFocused: (focused: boolean) => void;
  /** Stops watching the source; the canvas keeps its last picture. */
  declare dispose: () => void;
}
