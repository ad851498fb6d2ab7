/** One tile's live picture: a view of the terminal and the painter that draws it, while the tile is in sight. */

import { type TerminalFont, type TerminalTheme, type TerminalView, TilePainter } from "@/browser";
import type { Orchestra } from "./orchestra";

/** Frames a second that a tile asks for; the opened terminal asks for more. */
export const TILE_FPS = 10;
/** The daemon keeps this many subscriptions a connection; from here on tiles out of sight give theirs back. */
export const MAX_KEPT_VIEWS = 48;

interface Look {
  readonly theme: TerminalTheme;
  readonly font: TerminalFont;
}

/** Mutable; owned by its tile. */
export class TileScreen {
  readonly #orchestra: Orchestra;
  readonly #canvas: HTMLCanvasElement;
  readonly #sessionId: string;
  #look: Look;
  #box: readonly [number, number] = [0, 0];
  #view: TerminalView | null = null;
  #painter: TilePainter | null = null;

  constructor(orchestra: Orchestra, canvas: HTMLCanvasElement, sessionId: string, look: Look) {
    this.#orchestra = orchestra;
    this.#canvas = canvas;
    this.#sessionId = sessionId;
    this.#look = look;
  }

  /** In sight: live. Out of sight: the last picture stays and costs nothing. */
  setInSight(inSight: boolean): void {
    if (inSight) this.#open();
    else if (this.#orchestra.agents.getState().agents.length > MAX_KEPT_VIEWS) this.#close();
    this.#view?.want({ visible: inSight });
  }

  setBox(widthPx: number, heightPx: number): void {
    this.#box = [widthPx, heightPx];
    this.#painter?.setBox(widthPx, heightPx);
  }

  setTheme(theme: TerminalTheme): void {
    this.#look = { ...this.#look, theme };
    this.#painter?.setTheme(theme);
  }

  dispose(): void {
    this.#close();
  }

  #open(): void {
    if (this.#view !== null) return;
    const want = { visible: true, focused: false, maxFps: TILE_FPS };
    this.#view = this.#orchestra.link.view(this.#sessionId, want);
    this.#painter = new TilePainter(this.#canvas, this.#view, {
      scheduler: this.#orchestra.scheduler,
      ...this.#look,
    });
    this.#painter.setBox(...this.#box);
  }

  #close(): void {
    this.#painter?.dispose();
    this.#view?.release();
    this.#painter = null;
    this.#view = null;
  }
}
