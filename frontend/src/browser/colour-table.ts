/** From a cell's colour to a CSS colour, for one theme. */

import { type Colour, RGB_BIT } from "../core";
import type { TerminalTheme } from "./theme";

const CUBE_LEVELS = [0, 95, 135, 175, 215, 255];
/** Truecolours remembered; past this many they are forgotten and made anew. */
const MAX_KEPT = 4096;

/** Red, green, blue of palette index 16..255, which no theme changes. */
export function paletteRgb(index: number): readonly [number, number, number] {
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return [grey, grey, grey];
  }
  const cube = index - 16;
  const level = (place: number) => CUBE_LEVELS[Math.floor(cube / place) % 6] ?? 0;
  return [level(36), level(6), level(1)];
}

/** Mutable only as a memory; one per theme. */
export class ColourTable {
  readonly theme: TerminalTheme;
  readonly #kept = new Map<number, string>();

  constructor(theme: TerminalTheme) {
    this.theme = theme;
  }

  /** CSS of a colour; `fallback` for the default colour. */
  css(colour: Colour, fallback: string): string {
    if (colour === null) return fallback;
    const known = this.#kept.get(colour);
    if (known !== undefined) return known;
    if (this.#kept.size >= MAX_KEPT) this.#kept.clear();
    const css = this.#make(colour);
    this.#kept.set(colour, css);
    return css;
  }

  #make(colour: number): string {
    if (colour >= RGB_BIT) return `#${(colour - RGB_BIT).toString(16).padStart(6, "0")}`;
    if (colour < 16) return this.theme.palette[colour] ?? this.theme.foreground;
    const [red, green, blue] = paletteRgb(colour);
    return `rgb(${red} ${green} ${blue})`;
  }
}
