/** A search in the scrollback: which rows hold the text, and at which of them the person is. Newest first. */

/** What a person is told. `current` counts from 1 at the newest; 0 when nothing was found. */
export interface SearchResult {
  readonly text: string;
  readonly current: number;
  readonly count: number;
  /** Older rows hold the text as well, and were not told. */
  readonly more: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/** Mutable; owned by its history view. */
export class HistorySearch {
  #text = "";
  #rows: readonly number[] = [];
  #at = 0;
  #more = false;

  get text(): string {
    return this.#text;
  }

  /** The row at which the person is; null when there is none. */
  get row(): number | null {
    return this.#rows[this.#at] ?? null;
  }

  get result(): SearchResult {
    const count = this.#rows.length;
    return { text: this.#text, current: count === 0 ? 0 : this.#at + 1, count, more: this.#more };
  }

  /** Forgets everything and looks for `text` from now on. */
  begin(text: string): void {
    this.#text = text;
    this.#rows = [];
    this.#at = 0;
    this.#more = false;
  }

  /**
   * Takes the daemon's answer, of which rows below `total` count, and the rows of the screen that hold the text.
   * Returns what is wrong with the answer, or null.
   */
  accept(body: unknown, total: number, onScreen: readonly number[]): string | null {
    const { rows, is_all: isAll } = isObject(body) ? body : ({} as Fields);
    if (!Array.isArray(rows) || !rows.every(isNatural) || typeof isAll !== "boolean") {
      return "The answer to the search is malformed.";
    }
    // What scrolled away since the history was opened stands on the screen below it.
    const inHistory = rows.filter((row) => row < total);
    this.#rows = [...onScreen, ...inHistory].sort((a, b) => b - a);
    this.#more = !isAll;
    return null;
  }

  /** Goes to the next older row (1) or the next newer one (-1), round at the ends. */
  step(older: 1 | -1): void {
    const count = this.#rows.length;
    if (count > 0) this.#at = (this.#at + older + count) % count;
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isNatural(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
