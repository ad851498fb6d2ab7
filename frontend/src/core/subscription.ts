/** What this page looks at: the views' wants, merged into one subscription a terminal. */

import type { ClientMessage, Encoding, SubscribeTerminal } from "./message";

/** What one view wants of a terminal; all views of a terminal together make its subscription. */
export interface TerminalWant {
  readonly visible: boolean;
  readonly focused: boolean;
  /** 1..60 */
  readonly maxFps: number;
}

/** Subscriptions that the server grants one connection. */
export const MAX_SUBSCRIPTIONS = 64;

/** Returns what satisfies all wants at once; null when there is none. */
export function mergeWants(wants: Iterable<TerminalWant>): TerminalWant | null {
  let [any, visible, focused, maxFps] = [false, false, false, 1];
  for (const want of wants) {
    any = true;
    visible ||= want.visible;
    focused ||= want.visible && want.focused;
    // A hidden view's pace does not matter as long as another one is seen.
    if (want.visible) maxFps = Math.max(maxFps, want.maxFps);
  }
  return any ? { visible, focused, maxFps } : null;
}

/** How this page can take a terminal's frames. */
export type FrameEncoding = Exclude<Encoding, "ansi">;

/** Mutable; owned by its viewer session. */
export class Subscriptions {
  readonly #views = new Map<number, { readonly sessionId: string; readonly want: TerminalWant }>();
  /** What the server was told on this connection. */
  readonly #sent = new Map<string, SubscribeTerminal>();
  readonly #encoding: FrameEncoding;
  #pageVisible = true;

  constructor(encoding: FrameEncoding) {
    this.#encoding = encoding;
  }

  /** Sets or, with null, removes what a view wants. */
  setView(view: number, sessionId: string, want: TerminalWant | null): void {
    if (want === null) this.#views.delete(view);
    else this.#views.set(view, { sessionId, want });
  }

  setPageVisible(visible: boolean): void {
    this.#pageVisible = visible;
  }

  isSent(sessionId: string): boolean {
    return this.#sent.has(sessionId);
  }

  /** The connection is gone: the server knows of nothing any longer. */
  forgetAll(): void {
    this.#sent.clear();
  }

  /** The server ended this one by itself; it will be asked for again only when a view changes its want. */
  removed(sessionId: string): void {
    for (const [view, { sessionId: of }] of this.#views) if (of === sessionId) this.#views.delete(view);
    this.#sent.delete(sessionId);
  }

  /** Returns the messages that bring the server from what it was told to what is wanted now. */
  changes(): readonly ClientMessage[] {
    const wanted = this.#wanted();
    const messages: ClientMessage[] = [];
    for (const sessionId of [...this.#sent.keys()]) {
      if (wanted.has(sessionId)) continue;
      this.#sent.delete(sessionId);
      messages.push({ type: "unsubscribe_terminal", session_id: sessionId });
    }
    for (const [sessionId, message] of wanted) {
      const sent = this.#sent.get(sessionId);
      if (sent !== undefined && sameSubscription(sent, message)) continue;
      this.#sent.set(sessionId, message);
      messages.push(message);
    }
    return messages;
  }

  #wanted(): ReadonlyMap<string, SubscribeTerminal> {
    const wants = new Map<string, TerminalWant[]>();
    for (const { sessionId, want } of this.#views.values()) {
      const list = wants.get(sessionId);
      if (list === undefined) wants.set(sessionId, [want]);
      else list.push(want);
    }
    const messages: SubscribeTerminal[] = [];
    for (const [sessionId, list] of wants) {
      const want = mergeWants(list);
      if (want !== null) messages.push(this.#message(sessionId, want));
    }
    // Over the server's limit those that nobody sees go without.
    messages.sort((a, b) => rank(b) - rank(a));
    return new Map(messages.slice(0, MAX_SUBSCRIPTIONS).map((message) => [message.session_id, message]));
  }

  #message(sessionId: string, want: TerminalWant): SubscribeTerminal {
    const visible = want.visible && this.#pageVisible;
    return {
      type: "subscribe_terminal",
      session_id: sessionId,
      encoding: this.#encoding,
      visible,
      focused: visible && want.focused,
      max_fps: Math.min(60, Math.max(1, Math.round(want.maxFps))),
    };
  }
}

function rank(message: SubscribeTerminal): number {
  return (message.focused ? 2 : 0) + (message.visible ? 1 : 0);
}

function sameSubscription(a: SubscribeTerminal, b: SubscribeTerminal): boolean {
  return a.visible === b.visible && a.focused === b.focused && a.max_fps === b.max_fps;
}
