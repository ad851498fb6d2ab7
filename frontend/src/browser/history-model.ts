/** What is known of a terminal's scrollback: rows by their number from the oldest, fetched page by page. */

import { Line, parseHistoryRow } from "../core";

/** Rows fetched at once; the server's default. */
export const PAGE_ROWS = 200;
/** Rows kept; past this many the ones fetched first are forgotten and fetched again when they come into sight. */
export const MAX_KEPT_ROWS = 20_000;

export interface HistoryRequest {
  /** Rows that end just before this one; null: the newest. */
  readonly before: number | null;
  readonly limit: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** Mutable; owned by its history view. */
export class HistoryModel {
  readonly #columns: number;
  readonly #lines = new Map<number, Line>();
  #total: number | null = null;

  constructor(columns: number) {
    this.#columns = columns;
  }

  /** Rows in the history; null until the first page came. */
  get total(): number | null {
    return this.#total;
  }

  line(row: number): Line | undefined {
    return this.#lines.get(row);
  }

  /** The next page that the rows `first` up to but not including `last` need; null when all are here. Newest first. */
  missing(first: number, last: number): HistoryRequest | null {
    if (this.#total === null) return { before: null, limit: PAGE_ROWS };
    for (let row = Math.min(last, this.#total) - 1; row >= Math.max(0, first); row -= 1) {
      if (!this.#lines.has(row)) return { before: row + 1, limit: PAGE_ROWS };
    }
    return null;
  }

  /** Takes the answer to a request. Returns what is wrong with it, or null. */
  accept(request: HistoryRequest, body: unknown): string | null {
    if (!isObject(body)) return "The history is not an object.";
    const { total, first, rows } = body;
    if (!isNatural(total) || !isNatural(first) || !Array.isArray(rows)) return "The history is malformed.";
    // The picture is of the moment when it was opened: what came later is on the live screen.
    this.#total ??= total;
    for (const [offset, row] of rows.entries()) {
      const line = parseHistoryRow(row, this.#columns);
      if ("type" in line) return `Row ${first + offset} of the history is malformed: ${line.detail}`;
      this.#keep(first + offset, line);
    }
    this.#fillGap(request);
    return null;
  }

  /** What was asked for and did not come is blank, or it would be asked for again and again. */
  #fillGap(request: HistoryRequest): void {
    const last = request.before ?? this.#total ?? 0;
    if (last > 0 && !this.#lines.has(last - 1)) this.#keep(last - 1, new Line(this.#columns, 0));
  }

  #keep(row: number, line: Line): void {
    this.#lines.delete(row);
    this.#lines.set(row, line);
    if (this.#lines.size <= MAX_KEPT_ROWS) return;
    const oldest = this.#lines.keys().next();
    if (oldest.done !== true) this.#lines.delete(oldest.value);
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isNatural(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
