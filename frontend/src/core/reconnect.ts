/** When to connect: a pure reducer. The runner carries out what the phase says and reports back as events. */

/** Longest uniform wait for attempt n is `min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2^n)`, full jitter (protocol 1). */
export const FIRST_BACKOFF_MS = 500;
export const MAX_BACKOFF_MS = 10_000;
/** A connection that lived this long was a good one: the next wait starts from attempt 0 again. */
export const STABLE_AFTER_MS = 5_000;

export const CLOSE_GOING_AWAY = 1001;
export const CLOSE_ABNORMAL = 1006;
export const CLOSE_RESTARTING = 1012;
export const CLOSE_BAD_MESSAGE = 4400;
export const CLOSE_NOT_SIGNED_IN = 4401;
export const CLOSE_FORBIDDEN = 4403;
export const CLOSE_NO_LIFE_SIGN = 4408;

const RECONNECTING: ReadonlySet<number> = new Set([
  CLOSE_GOING_AWAY,
  CLOSE_ABNORMAL,
  CLOSE_RESTARTING,
  CLOSE_NO_LIFE_SIGN,
]);

export type LinkState =
  /** Not asked to connect. */
  | { readonly phase: "idle" }
  /** A ticket is being asked for, or the socket is opening. `attempt` counts from 0 since the last good connection. */
  | { readonly phase: "connecting"; readonly attempt: number }
  | { readonly phase: "open"; readonly attempt: number; readonly sinceMs: number }
  /** Connects by itself at `untilMs`. */
  | { readonly phase: "waiting"; readonly attempt: number; readonly untilMs: number; readonly code: number }
  /** The credential is not valid any longer: a person must sign in. */
  | { readonly phase: "signed_out" }
  /** Closed for a reason that trying again would not change; a person may try again. */
  | { readonly phase: "refused"; readonly code: number; readonly reason: string };

export type LinkPhase = LinkState["phase"];

export type LinkEvent =
  | { readonly type: "start" }
  | { readonly type: "stop" }
  /** The first message of the server came: the connection serves. */
  | { readonly type: "opened" }
  | { readonly type: "closed"; readonly code: number; readonly reason: string }
  /** The wait may be over. */
  | { readonly type: "timer" }
  /** The network came back, the page became visible, or a person asks: do not wait any longer. */
  | { readonly type: "hurry" };

export const IDLE: LinkState = { phase: "idle" };

/** Returns the next state; `random` is uniform in [0, 1). The same object comes back when nothing changed. */
export function reduceLink(state: LinkState, event: LinkEvent, nowMs: number, random: number): LinkState {
  switch (event.type) {
    case "start":
      return state.phase === "connecting" || state.phase === "open"
        ? state
        : { phase: "connecting", attempt: 0 };
    case "stop":
      return state.phase === "idle" ? state : IDLE;
    case "opened":
      return state.phase === "connecting" ? { phase: "open", attempt: state.attempt, sinceMs: nowMs } : state;
    case "closed":
      return afterClose(state, event.code, event.reason, nowMs, random);
    case "timer":
      return state.phase === "waiting" && nowMs >= state.untilMs ? connecting(state.attempt) : state;
    case "hurry":
      return state.phase === "waiting" ? connecting(state.attempt) : state;
  }
}

export function reconnectsAfter(code: number): boolean {
  return RECONNECTING.has(code);
}

/** Longest wait before attempt `attempt` (counted from 0), in ms. */
export function backoffLimitMs(attempt: number): number {
  return Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** attempt);
}

function connecting(attempt: number): LinkState {
  return { phase: "connecting", attempt };
}

function afterClose(
  state: LinkState,
  code: number,
  reason: string,
  nowMs: number,
  random: number,
): LinkState {
  if (state.phase !== "connecting" && state.phase !== "open") return state;
  if (code === CLOSE_NOT_SIGNED_IN) return { phase: "signed_out" };
  if (!reconnectsAfter(code)) return { phase: "refused", code, reason };
  const wasGood = state.phase === "open" && nowMs - state.sinceMs >= STABLE_AFTER_MS;
  const attempt = wasGood ? 0 : state.attempt;
  return { phase: "waiting", attempt: attempt + 1, untilMs: nowMs + random * backoffLimitMs(attempt), code };
}
