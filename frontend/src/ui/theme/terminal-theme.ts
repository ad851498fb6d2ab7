/** The terminal's 16 colours belong to the theme; every one stays apart from the others on its background. */

import type { TerminalFont, TerminalTheme } from "@/browser";
import type { NamedTheme } from "@/store/preferences";

export const TERMINAL_FONT: TerminalFont = {
  family: '"JetBrains Mono", ui-monospace, "DejaVu Sans Mono", monospace',
  weight: 400,
  boldWeight: 700,
};

const DARK: TerminalTheme = {
  palette: [
    "#2a323a",
    "#f0696b",
    "#73c26f",
    "#dcae4e",
    "#6aa6f5",
    "#c48aec",
    "#4fc1c2",
    "#c3ccd4",
    "#737f8b",
    "#ff918d",
    "#9be08f",
    "#f3cd74",
    "#95c4ff",
    "#ddb0ff",
    "#82e0de",
    "#f4f7f9",
  ],
  foreground: "#d5dce2",
  background: "#070b0e",
  cursor: "#7fd6cf",
  cursorText: "#070b0e",
  selection: "#1f4a52",
};

const LIGHT: TerminalTheme = {
  palette: [
    "#24292f",
    "#c3202c",
    "#1a7431",
    "#855300",
    "#0b57c2",
    "#8430b8",
    "#08707f",
    "#6b7580",
    "#4f5963",
    "#a3121f",
    "#0f5c25",
    "#673f00",
    "#08429b",
    "#6a1f9c",
    "#045865",
    "#8a949e",
  ],
  foreground: "#1c2228",
  background: "#ffffff",
  cursor: "#0c6f7c",
  cursorText: "#ffffff",
  selection: "#bfe3e6",
};

const CONTRAST: TerminalTheme = {
  palette: [
    "#4d4d4d",
    "#ff7373",
    "#5ff06a",
    "#ffe14d",
    "#85b8ff",
    "#f09bff",
    "#5cf2f2",
    "#e6e6e6",
    "#a6a6a6",
    "#ffa3a0",
    "#a2ffa4",
    "#fff29a",
    "#b8d6ff",
    "#f9c7ff",
    "#a8ffff",
    "#ffffff",
  ],
  foreground: "#ffffff",
  background: "#000000",
  cursor: "#fff04a",
  cursorText: "#000000",
  selection: "#26558f",
};

export const TERMINAL_THEMES: Readonly<Record<NamedTheme, TerminalTheme>> = {
  dark: DARK,
  light: LIGHT,
  contrast: CONTRAST,
};
