/** Who wants to hear of something. */

/** Mutable; owned by what it belongs to. Listeners may come and go while being called. */
export class Listeners<T> {
  readonly #all = new Set<(value: T) => void>();

  /** Returns what ends it. */
  add(listener: (value: T) => void): () => void {
    // The same function may listen twice.
    const own = (value: T) => listener(value);
    this.#all.add(own);
    return () => this.#all.delete(own);
  }

  get isEmpty(): boolean {
    return this.#all.size === 0;
  }

  call(value: T): void {
    for (const listener of [...this.#all]) listener(value);
  }
}
