/** The screens of one viewer: which pane of this connection is which terminal, and what mends a fault. */

import type { Frame } from "./frame";
import type { ResyncReason } from "./message";
import { type ApplyResult, Screen } from "./screen";

/** A terminal that faults again and again is asked for anew no more often than this, ms. */
export const RESYNC_EVERY_MS = 2_000;

interface Held {
  readonly screen: Screen;
  /** Nothing but a keyframe is of use: a new subscription, or a fault. */
  awaitsKeyframe: boolean;
  /** No resync before this time. */
  resyncFromMs: number;
  /** Why there is to be a resync that has to wait, or null. */
  waitingReason: ResyncReason | null;
}

export type FrameOutcome =
  | {
      readonly type: "applied";
      readonly sessionId: string;
      readonly screen: Screen;
      readonly result: Applied;
    }
  | { readonly type: "ignored" }
  /** `resync`: ask for the screen anew now; otherwise `takeResyncs` will say when. */
  | {
      readonly type: "fault";
      readonly sessionId: string;
      readonly reason: ResyncReason;
      readonly detail: string;
      readonly resync: boolean;
    };

type Applied = Extract<ApplyResult, { ok: true }>;

/** Mutable; owned by its viewer session. */
export class HeldScreens {
  readonly #held = new Map<string, Held>();
  readonly #panes = new Map<number, string>();

  /** The terminal's screen; the same object until `forget`. */
  screen(sessionId: string): Screen {
    return this.#of(sessionId).screen;
  }

  sessionOf(pane: number): string | undefined {
    return this.#panes.get(pane);
  }

  /** What is held of a pane; null when nothing but a keyframe is of use. */
  place(pane: number): { readonly epoch: number; readonly seq: number } | null {
    const sessionId = this.#panes.get(pane);
    const held = sessionId === undefined ? undefined : this.#held.get(sessionId);
    return held === undefined || held.awaitsKeyframe ? null : held.screen;
  }

  /** The server will send this pane's frames, from a keyframe on if the subscription is a new one. */
  subscribed(sessionId: string, pane: number): void {
    this.#panes.set(pane, sessionId);
    this.#of(sessionId);
  }

  /** The next frame of use is a keyframe: the terminal is being subscribed to anew. */
  awaitKeyframe(sessionId: string): void {
    this.#of(sessionId).awaitsKeyframe = true;
  }

  /** The connection is gone; the screens stay for people to read. */
  disconnect(): void {
    this.#panes.clear();
    for (const held of this.#held.values()) {
      held.awaitsKeyframe = true;
      held.waitingReason = null;
    }
  }

  forget(sessionId: string): void {
    this.#held.delete(sessionId);
    for (const [pane, of] of this.#panes) if (of === sessionId) this.#panes.delete(pane);
  }

  apply(frame: Frame, nowMs: number): FrameOutcome {
    const sessionId = this.#panes.get(frame.pane);
    if (sessionId === undefined) return { type: "ignored" };
    const held = this.#of(sessionId);
    if (held.awaitsKeyframe && frame.base !== 0) return { type: "ignored" };
    const result = held.screen.apply(frame);
    held.awaitsKeyframe = !result.ok;
    if (result.ok) return { type: "applied", sessionId, screen: held.screen, result };
    const resync = nowMs >= held.resyncFromMs;
    if (resync) held.resyncFromMs = nowMs + RESYNC_EVERY_MS;
    else held.waitingReason = result.fault;
    return { type: "fault", sessionId, reason: result.fault, detail: result.detail, resync };
  }

  /** When `takeResyncs` has something next, ms; Infinity when nothing waits. */
  get nextMs(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { waitingReason, resyncFromMs } of this.#held.values())
      if (waitingReason !== null) next = Math.min(next, resyncFromMs);
    return next;
  }

  /** Terminals whose postponed resync is due, and why. */
  takeResyncs(nowMs: number): ReadonlyMap<string, ResyncReason> {
    const due = new Map<string, ResyncReason>();
    for (const [sessionId, held] of this.#held) {
      if (held.waitingReason === null || held.resyncFromMs > nowMs) continue;
      due.set(sessionId, held.waitingReason);
      held.waitingReason = null;
      held.resyncFromMs = nowMs + RESYNC_EVERY_MS;
    }
    return due;
  }

  #of(sessionId: string): Held {
    const known = this.#held.get(sessionId);
    if (known !== undefined) return known;
    const fresh: Held = { screen: new Screen(), awaitsKeyframe: true, resyncFromMs: 0, waitingReason: null };
    this.#held.set(sessionId, fresh);
    return fresh;
  }
}
