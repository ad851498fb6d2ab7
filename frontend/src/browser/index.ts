/** The door of the browser part: sockets, canvases and terminals, without React. */

export { Connection, type ConnectionOptions, type ConnectionState, type TerminalView } from "./connection";
export type { SearchResult } from "./history-search";
export { HistoryView, type HistoryViewOptions } from "./history-view";
export { OpenTerminal, type OpenTerminalOptions } from "./open-terminal";
export { PaintScheduler } from "./paint-scheduler";
export type { ScreenSource } from "./screen-source";
export type { TerminalFont, TerminalTheme } from "./theme";
export { TilePainter, type TilePainterOptions } from "./tile-painter";
