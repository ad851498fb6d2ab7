/** Our theme in xterm.js's words. */

import type { ITheme } from "@xterm/xterm";
import type { TerminalTheme } from "./theme";

const NAMES = [
  "black",
  "red",
  "green",
  "yellow",
  "blue",
  "magenta",
  "cyan",
  "white",
  "brightBlack",
  "brightRed",
  "brightGreen",
  "brightYellow",
  "brightBlue",
  "brightMagenta",
  "brightCyan",
  "brightWhite",
] as const satisfies readonly (keyof ITheme)[];

export function xtermTheme(theme: TerminalTheme): ITheme {
  const palette = NAMES.map((name, index) => [name, theme.palette[index] ?? theme.foreground]);
  return {
    ...(Object.fromEntries(palette) as ITheme),
    foreground: theme.foreground,
    background: theme.background,
    cursor: theme.cursor,
    cursorAccent: theme.cursorText,
    selectionBackground: theme.selection,
    selectionInactiveBackground: theme.selection,
  };
}
