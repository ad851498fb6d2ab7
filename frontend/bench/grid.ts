/** `?kind=canvas`: the grid's own decoder and painter; `?kind=xterm`: as many xterm.js terminals with the DOM renderer. */

import "@xterm/xterm/css/xterm.css";
import "../src/app/fonts.css";
import { Terminal } from "@xterm/xterm";
import { PaintScheduler, TilePainter } from "@/browser";
import { xtermTheme } from "@/browser/xterm-theme";
import { decodeFrame, Screen } from "@/core";
import { TERMINAL_FONT, TERMINAL_THEMES } from "@/ui/theme/terminal-theme";
import { type Outcome, play, type Tile } from "./pace";
import { fetchWorkload, type Workload } from "./workload";

declare global {
  interface Window {
    outcome: Promise<Outcome>;
  }
}

const theme = TERMINAL_THEMES.dark;

function canvasTile(box: HTMLElement, workload: Workload, scheduler: PaintScheduler): Tile {
  const canvas = document.createElement("canvas");
  box.append(canvas);
  const screen = new Screen();
  const listeners = new Set<() => void>();
  const source = {
    screen,
    watch(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const show = (bytes: Uint8Array) => {
    const frame = decodeFrame(bytes);
    if ("type" in frame) throw new Error(frame.detail);
    const result = screen.apply(frame);
    if (!result.ok) throw new Error(result.detail);
    for (const listener of listeners) listener();
  };
  const painter = new TilePainter(canvas, source, { scheduler, theme, font: TERMINAL_FONT });
  painter.setBox(box.clientWidth, box.clientHeight);
  show(workload.first.frame);
  return { update: (step) => show(stepOf(workload, step).frame) };
}

function xtermTile(box: HTMLElement, workload: Workload, fontPx: number): Tile {
  const terminal = new Terminal({
    cols: workload.columns,
    rows: workload.rows,
    scrollback: 0,
    fontFamily: TERMINAL_FONT.family,
    fontSize: fontPx,
    theme: xtermTheme(theme),
  });
  terminal.open(box);
  terminal.write(workload.first.text);
  return { update: (step) => terminal.write(stepOf(workload, step).text) };
}

function stepOf(workload: Workload, step: number) {
  const found = workload.steps[step];
  if (found === undefined) throw new Error(`There is no update ${step}.`);
  return found;
}

/** The font size at which the columns fill a box as they do on our canvas: a cell is 0.6 times as wide as high. */
function fittingFontPx(box: HTMLElement, columns: number): number {
  return Math.max(4, Math.floor(box.clientWidth / columns / 0.6));
}

async function main(): Promise<Outcome> {
  const workload = await fetchWorkload();
  const place = document.querySelector("main");
  if (place === null) throw new Error("There is no place for the grid.");
  await document.fonts.load(`12px ${TERMINAL_FONT.family}`);
  const boxes = Array.from({ length: workload.tiles }, () => document.createElement("section"));
  place.append(...boxes);
  const scheduler = new PaintScheduler();
  const kind = new URLSearchParams(location.search).get("kind");
  const tiles = boxes.map((box) =>
    kind === "canvas"
      ? canvasTile(box, workload, scheduler)
      : xtermTile(box, workload, fittingFontPx(box, workload.columns)),
  );
  return await play(tiles, workload.updatesHz, workload.seconds);
}

window.outcome = main();
