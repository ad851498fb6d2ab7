/** From a style to what a canvas needs to draw it. */

import { Flag, type Style, underlineOf } from "../core";
import type { ColourTable } from "./colour-table";
import { type CellMetrics, fontOf } from "./measure";
import type { TerminalFont } from "./theme";

/** Opacity of dim text. */
const DIM_ALPHA = 0.55;

/** A style, ready to draw. */
export interface Ink {
  readonly font: string;
  readonly foreground: string;
  /** null: the background of the screen, which is there already. */
  readonly background: string | null;
  readonly alpha: number;
  readonly hidden: boolean;
  readonly decorated: boolean;
}

/** Mutable only as a memory; good for one theme, font and size. */
export class InkTable {
  readonly #colours: ColourTable;
  readonly #font: TerminalFont;
  readonly #metrics: CellMetrics;
  readonly #inks = new WeakMap<Style, Ink>();

  constructor(colours: ColourTable, font: TerminalFont, metrics: CellMetrics) {
    this.#colours = colours;
    this.#font = font;
    this.#metrics = metrics;
  }

  of(style: Style): Ink {
    const known = this.#inks.get(style);
    if (known !== undefined) return known;
    const ink = this.#make(style);
    this.#inks.set(style, ink);
    return ink;
  }

  #make(style: Style): Ink {
    const { theme } = this.#colours;
    const { flags } = style;
    const foreground = this.#colours.css(style.foreground, theme.foreground);
    const background = this.#colours.css(style.background, theme.background);
    const reverse = (flags & Flag.reverse) !== 0;
    const lines = (flags & (Flag.overline | Flag.strikethrough)) !== 0;
    return {
      font: fontOf(this.#font, this.#metrics.fontPx, (flags & Flag.bold) !== 0, (flags & Flag.italic) !== 0),
      foreground: reverse ? background : foreground,
      background: reverse ? foreground : style.background === null ? null : background,
      alpha: flags & Flag.dim ? DIM_ALPHA : 1,
      hidden: (flags & Flag.hidden) !== 0,
      decorated: lines || underlineOf(style) !== 0 || style.link !== null,
    };
  }
}
