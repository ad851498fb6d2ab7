import { describe, expect, it } from "vitest";
import {
  backoffLimitMs,
  IDLE,
  type LinkState,
  MAX_BACKOFF_MS,
  reduceLink,
  STABLE_AFTER_MS,
} from "./reconnect";

const closed = (code: number) => ({ type: "closed", code, reason: "" }) as const;

describe("reduceLink", () => {
  it("waits, connects and opens", () => {
    let state = reduceLink(IDLE, { type: "start" }, 0, 0);
    expect(state).toEqual({ phase: "connecting", attempt: 0 });
    state = reduceLink(state, { type: "opened" }, 10, 0);
    expect(state.phase).toBe("open");
    state = reduceLink(state, closed(1006), 20, 0.5);
    expect(state).toMatchObject({ phase: "waiting", untilMs: 20 + 250 });
    expect(reduceLink(state, { type: "timer" }, 269, 0)).toBe(state);
    expect(reduceLink(state, { type: "timer" }, 270, 0).phase).toBe("connecting");
  });

  it.each([1001, 1006, 1012, 4408])("tries again after %d", (code) => {
    expect(reduceLink({ phase: "connecting", attempt: 0 }, closed(code), 0, 0.1).phase).toBe("waiting");
  });

  it.each([1000, 1011, 4400, 4403, 4413, 4429])("leaves it at %d", (code) => {
    const state = reduceLink({ phase: "connecting", attempt: 0 }, closed(code), 0, 0.1);
    expect(state).toEqual({ phase: "refused", code, reason: "" });
    expect(reduceLink(state, { type: "hurry" }, 1, 0)).toBe(state);
    expect(reduceLink(state, { type: "start" }, 1, 0).phase).toBe("connecting");
  });

  it("is signed out after 4401", () => {
    const state = reduceLink({ phase: "open", attempt: 0, sinceMs: 0 }, closed(4401), 9e9, 0.1);
    expect(state).toEqual({ phase: "signed_out" });
  });

  it("draws every wait from the whole range, which doubles up to ten seconds", () => {
    let state: LinkState = { phase: "connecting", attempt: 0 };
    const waits: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      state = reduceLink(state, closed(1006), 0, 0.999999);
      if (state.phase === "waiting") waits.push(Math.round(state.untilMs));
      state = reduceLink(state, { type: "hurry" }, 0, 0);
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
    expect(backoffLimitMs(2000)).toBe(MAX_BACKOFF_MS);
    expect(reduceLink({ phase: "connecting", attempt: 9 }, closed(1006), 5, 0)).toMatchObject({ untilMs: 5 });
  });

  it("starts over after a connection that lived, and not after one that was dropped at once", () => {
    const open: LinkState = { phase: "open", attempt: 4, sinceMs: 0 };
    expect(reduceLink(open, closed(1006), STABLE_AFTER_MS, 0.5)).toMatchObject({ attempt: 1 });
    expect(reduceLink(open, closed(1006), STABLE_AFTER_MS - 1, 0.5)).toMatchObject({ attempt: 5 });
  });

  it("hurries when there is a reason and stops when told", () => {
    const waiting: LinkState = { phase: "waiting", attempt: 3, untilMs: 9e9, code: 1006 };
    expect(reduceLink(waiting, { type: "hurry" }, 0, 0)).toEqual({ phase: "connecting", attempt: 3 });
    expect(reduceLink(waiting, { type: "stop" }, 0, 0)).toEqual(IDLE);
    expect(reduceLink(IDLE, closed(1006), 0, 0)).toBe(IDLE);
  });
});
