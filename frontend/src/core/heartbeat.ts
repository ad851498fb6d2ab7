/** Is the other side alive, and how far away: pings, answers, deadlines. */

/** Quiet connections are asked this often, ms; the server gives up after 60 s without a life sign. */
export const PING_EVERY_MS = 10_000;
/** Without any message for this long after a ping the connection counts as dead, ms. */
export const PONG_TIMEOUT_MS = 15_000;
/** The same when there is a reason for doubt: the page was asleep, the network changed. */
export const PROBE_TIMEOUT_MS = 3_000;
/** The first answer comes while the page is still being built; the next one soon after takes its place, ms. */
export const SECOND_PING_MS = 1_000;
/** Part of a new sample in the smoothed round trip. */
const SMOOTHING = 0.25;

/** Mutable; owned by its viewer session; one per connection. */
export class Heartbeat {
  #nextId = 1;
  #pingAtMs: number;
  #waiting: { readonly id: number; readonly sentMs: number; readonly deadlineMs: number } | null = null;
  #roundTripMs: number | null = null;
  #answers = 0;

  constructor(nowMs: number) {
    this.#pingAtMs = nowMs;
  }

  /** Smoothed, ms; null before the first answer. */
  get roundTripMs(): number | null {
    return this.#roundTripMs;
  }

  /** When `timer` has something to do next, ms. */
  get nextMs(): number {
    return this.#waiting === null ? this.#pingAtMs : this.#waiting.deadlineMs;
  }

  /** Returns the id of the ping to send now, "dead" when the deadline passed, or null. */
  timer(nowMs: number): number | "dead" | null {
    if (this.#waiting !== null) return nowMs >= this.#waiting.deadlineMs ? "dead" : null;
    return nowMs >= this.#pingAtMs ? this.#ping(nowMs, PONG_TIMEOUT_MS) : null;
  }

  /** There is doubt: ping now, with a short deadline. Returns the id to send, null when a probe is under way. */
  probe(nowMs: number): number | null {
    const waiting = this.#waiting;
    if (waiting !== null && waiting.deadlineMs - nowMs <= PROBE_TIMEOUT_MS && waiting.deadlineMs > nowMs) {
      return null;
    }
    return this.#ping(nowMs, PROBE_TIMEOUT_MS);
  }

  /** Any message proves life. */
  received(nowMs: number): void {
    const waiting = this.#waiting;
    if (waiting !== null) this.#waiting = { ...waiting, deadlineMs: nowMs + PONG_TIMEOUT_MS };
  }

  /** Returns the smoothed round trip, null for an answer to nothing that is waited for. */
  pong(id: number, nowMs: number): number | null {
    if (this.#waiting?.id !== id) return null;
    const sample = Math.max(0, nowMs - this.#waiting.sentMs);
    const before = this.#roundTripMs;
    this.#answers += 1;
    this.#roundTripMs =
      before === null || this.#answers === 2 ? sample : before + SMOOTHING * (sample - before);
    this.#waiting = null;
    this.#pingAtMs = nowMs + (this.#answers === 1 ? SECOND_PING_MS : PING_EVERY_MS);
    return this.#roundTripMs;
  }

  #ping(nowMs: number, timeoutMs: number): number {
    const id = this.#nextId;
    this.#nextId += 1;
    this.#waiting = { id, sentMs: nowMs, deadlineMs: nowMs + timeoutMs };
    return id;
  }
}
