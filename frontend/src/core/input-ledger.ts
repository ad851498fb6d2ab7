/** Which input reached its terminal: numbers it, waits for acknowledgements, keeps what was not sent. */

const ESC = "\x1b";

/** bytes: mouse reports of old, which are not text. */
export type InputKind = "keys" | "bytes" | "paste";

/** Input that certainly or possibly did not reach the terminal. It is never sent again unless a person says so. */
export interface UnsentInput {
  readonly kind: InputKind;
  readonly text: string;
  readonly atMs: number;
  /** not_sent: there was no connection. unacknowledged: sent, but the connection ended first. refused: by the server. */
  readonly reason: "not_sent" | "unacknowledged" | "refused";
}

interface InFlight {
  readonly seq: number;
  readonly kind: InputKind;
  readonly text: string;
  readonly atMs: number;
}

interface Account {
  nextSeq: number;
  inFlight: InFlight[];
  unsent: UnsentInput[];
}

/** Characters of unsent input that are kept for a terminal; what comes after is dropped, first typed is first kept. */
export const MAX_UNSENT_CHARACTERS = 65_536;

/** What no person typed: the focus came or went, the mouse moved. Late, it means nothing. */
const REPORTS = new RegExp(`^(?:${ESC}\\[[IO]|${ESC}\\[<\\d+;\\d+;\\d+[Mm])+$`);

/** Mutable; owned by its viewer session. */
export class InputLedger {
  readonly #accounts = new Map<string, Account>();

  /** Notes input as sent now; returns its seq (from 1 per connection and terminal). */
  send(sessionId: string, kind: InputKind, text: string, nowMs: number): number {
    const account = this.#account(sessionId);
    const seq = account.nextSeq;
    account.nextSeq += 1;
    account.inFlight.push({ seq, kind, text, atMs: nowMs });
    return seq;
  }

  /** Everything up to `seq` was written to the terminal. Returns whether that was news. */
  acknowledge(sessionId: string, seq: number): boolean {
    const account = this.#accounts.get(sessionId);
    const first = account?.inFlight[0];
    if (account === undefined || first === undefined || first.seq > seq) return false;
    account.inFlight = account.inFlight.filter((input) => input.seq > seq);
    return true;
  }

  /** Input that could not be sent at all. */
  keep(sessionId: string, kind: InputKind, text: string, nowMs: number): void {
    this.#keep(this.#account(sessionId), { kind, text, atMs: nowMs, reason: "not_sent" });
  }

  /** The server refused input `seq` of this terminal; with null, what is in flight is in doubt. */
  refuse(sessionId: string, seq: number | null): boolean {
    const account = this.#accounts.get(sessionId);
    if (account === undefined) return false;
    return this.#doubt(account, "refused", (input) => seq === null || input.seq === seq);
  }

  /** The connection ended. Returns the terminals whose input is now in doubt. */
  disconnect(): readonly string[] {
    const affected: string[] = [];
    for (const [sessionId, account] of this.#accounts) {
      account.nextSeq = 1;
      if (this.#doubt(account, "unacknowledged", () => true)) affected.push(sessionId);
    }
    return affected;
  }

  inFlight(sessionId: string): { readonly count: number; readonly sinceMs: number | null } {
    const inFlight = this.#accounts.get(sessionId)?.inFlight ?? [];
    return { count: inFlight.length, sinceMs: inFlight[0]?.atMs ?? null };
  }

  unsent(sessionId: string): readonly UnsentInput[] {
    return this.#accounts.get(sessionId)?.unsent ?? [];
  }

  /** Removes and returns what is unsent. */
  takeUnsent(sessionId: string): readonly UnsentInput[] {
    const account = this.#accounts.get(sessionId);
    if (account === undefined) return [];
    const unsent = account.unsent;
    account.unsent = [];
    return unsent;
  }

  forget(sessionId: string): void {
    this.#accounts.delete(sessionId);
  }

  #account(sessionId: string): Account {
    const known = this.#accounts.get(sessionId);
    if (known !== undefined) return known;
    const fresh: Account = { nextSeq: 1, inFlight: [], unsent: [] };
    this.#accounts.set(sessionId, fresh);
    return fresh;
  }

  #doubt(account: Account, reason: UnsentInput["reason"], isLost: (input: InFlight) => boolean): boolean {
    const lost = account.inFlight.filter(isLost);
    account.inFlight = account.inFlight.filter((input) => !isLost(input));
    for (const { kind, text, atMs } of lost) this.#keep(account, { kind, text, atMs, reason });
    return lost.length > 0;
  }

  #keep(account: Account, input: UnsentInput): void {
    if (input.kind === "bytes" || (input.kind === "keys" && REPORTS.test(input.text))) return;
    const held = account.unsent.reduce((sum, { text }) => sum + text.length, 0);
    if (held + input.text.length > MAX_UNSENT_CHARACTERS) return;
    const last = account.unsent.at(-1);
    // Single keys read better as the word that they make.
    if (
      last !== undefined &&
      last.kind === input.kind &&
      last.reason === input.reason &&
      last.kind !== "paste"
    ) {
      account.unsent = [...account.unsent.slice(0, -1), { ...last, text: last.text + input.text }];
    } else {
      account.unsent = [...account.unsent, input];
    }
  }
}
