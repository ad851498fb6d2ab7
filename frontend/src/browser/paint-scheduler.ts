/** One animation frame for all canvases. */

export interface Paintable {
  /** Draws what changed. Called once an animation frame after `request`. */
  paint(nowMs: number): void;
}

/** Mutable; one per page. Owns the page's one requestAnimationFrame loop; it sleeps when nothing is asked. */
export class PaintScheduler {
  readonly #waiting = new Set<Paintable>();
  readonly #afterPaint = new Set<() => void>();
  #handle: number | null = null;

  /** Asks that `paintable` paints in the next animation frame. */
  request(paintable: Paintable): void {
    this.#waiting.add(paintable);
    this.#handle ??= requestAnimationFrame((nowMs) => this.#paint(nowMs));
  }

  cancel(paintable: Paintable): void {
    this.#waiting.delete(paintable);
  }

  /** Calls `listener` after every animation frame that painted; returns what ends that. */
  onPainted(listener: () => void): () => void {
    this.#afterPaint.add(listener);
    return () => this.#afterPaint.delete(listener);
  }

  #paint(nowMs: number): void {
    this.#handle = null;
    const now = [...this.#waiting];
    this.#waiting.clear();
    for (const paintable of now) paintable.paint(nowMs);
    for (const listener of this.#afterPaint) listener();
  }
}
