/** Unseen text over the drawn history, so that it can be selected, copied, searched and read aloud. */

import type { Line } from "../core";
import { type CellMetrics, fontOf } from "./measure";
import type { TerminalFont } from "./theme";

/** Rows kept above and below those in sight, so that a selection survives a little scrolling. */
const MARGIN_ROWS = 100;

/** Mutable; owns its layer inside `space`, which is as high as all rows together. */
export class HistoryText {
  readonly #layer = document.createElement("div");
  readonly #rows = new Map<number, HTMLDivElement>();
  #rowPx = 1;

  constructor(space: HTMLElement) {
    this.#layer.style.cssText = "position:absolute;inset:0;color:transparent;white-space:pre;z-index:1";
    space.append(this.#layer);
  }

  /** The text takes the size of the cells below it; all rows are placed anew. */
  layOut(font: TerminalFont, metrics: CellMetrics, ratio: number): void {
    this.#rowPx = metrics.height / ratio;
    this.#layer.style.font = fontOf(font, metrics.fontPx / ratio, false, false);
    this.#layer.style.lineHeight = `${this.#rowPx}px`;
    this.#layer.style.fontKerning = "none";
    this.#layer.style.fontVariantLigatures = "none";
    for (const element of this.#rows.values()) element.remove();
    this.#rows.clear();
  }

  show(first: number, last: number, line: (row: number) => Line | undefined): void {
    for (const [row, element] of this.#rows) {
      if (row >= first - MARGIN_ROWS && row < last + MARGIN_ROWS) continue;
      element.remove();
      this.#rows.delete(row);
    }
    for (let row = first; row < last; row += 1) {
      const content = this.#rows.has(row) ? undefined : line(row);
      if (content !== undefined) this.#add(row, content.toString().trimEnd());
    }
  }

  #add(row: number, text: string): void {
    const element = document.createElement("div");
    element.textContent = text;
    element.style.cssText = `position:absolute;top:${row * this.#rowPx}px;left:0;right:0;height:${this.#rowPx}px;overflow:hidden`;
    this.#rows.set(row, element);
    const next = [...this.#rows.keys()].filter((other) => other > row);
    const before = next.length === 0 ? undefined : this.#rows.get(Math.min(...next));
    this.#layer.insertBefore(element, before ?? null);
  }
}
