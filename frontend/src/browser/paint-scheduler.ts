/** One animation frame for all canvases. */

export interface Paintable {
  /** Draws what changed. Called once an animation frame after `request`. */
  paint(nowMs: number): void;
}

/** What the scheduler needs of a window; a test brings its own. */
export interface AnimationFrames {
  requestAnimationFrame(callback: (nowMs: number) => void): number;
}

/** Mutable; one per page. Owns the page's one requestAnimationFrame loop, which sleeps when nothing is asked. */
export class PaintScheduler {
  readonly #frames: AnimationFrames;
  readonly #waiting = new Set<Paintable>();
  readonly #afterPaint = new Set<() => void>();
  #asked = false;

  constructor(frames: AnimationFrames = window) {
    this.#frames = frames;
  }

  /** Asks that `paintable` paints in the next animation frame. */
  request(paintable: Paintable): void {
    this.#waiting.add(paintable);
    this.wake();
  }

  cancel(paintable: Paintable): void {
    this.#waiting.delete(paintable);
  }

  /** Asks for an animation frame, even if nothing paints in it. */
  wake(): void {
    if (this.#asked) return;
    this.#asked = true;
    this.#frames.requestAnimationFrame((nowMs) => this.#paint(nowMs));
  }

  /** Calls `listener` after every animation frame, when all canvases are painted; returns what ends that. */
  onPainted(listener: () => void): () => void {
    this.#afterPaint.add(listener);
    return () => this.#afterPaint.delete(listener);
  }

  #paint(nowMs: number): void {
    this.#asked = false;
    const now = [...this.#waiting];
    this.#waiting.clear();
    for (const paintable of now) paintable.paint(nowMs);
    for (const listener of this.#afterPaint) listener();
  }
}
