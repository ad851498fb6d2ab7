/** Runs a viewer session over WebSockets: timers, page visibility, reconnecting. */

import {
  CLOSE_NOT_SIGNED_IN,
  type ClientMessage,
  type FrameEncoding,
  IDLE,
  type LinkEvent,
  type LinkState,
  reduceLink,
  type Screen,
  type SessionEvent,
  type TerminalWant,
  type UnsentInput,
  ViewerSession,
} from "../core";
import { Listeners } from "./listeners";
import { isPageVisible, watchPageLife } from "./page-life";
import type { PaintScheduler } from "./paint-scheduler";
import type { ScreenSource } from "./screen-source";
import { Socket } from "./socket";

export interface ConnectionOptions {
  /** Origin of the daemon, without a slash at the end; "" for the page's own. */
  readonly origin: string;
  /** The bearer token, or null when nobody is signed in. Asked for before every attempt. */
  readonly token: () => string | null;
  /** How frames come, "cells" unless said otherwise: "packed" for a network that is slower than this machine. */
  readonly encoding?: FrameEncoding;
  /** Tells when what was received is painted. */
  readonly scheduler: PaintScheduler;
  /** Spreads the attempts to reconnect: uniform in [0, 1). The browser's own unless a test wants to know it. */
  readonly random?: () => number;
}

/** A value; a new object whenever something in it changed. */
export interface ConnectionState {
  readonly link: LinkState;
  /** Smoothed round trip of pings, ms; null before the first answer of this connection. */
  readonly roundTripMs: number | null;
}

/** One view's claim on a terminal; all views of a terminal together make its subscription. */
export interface TerminalView extends ScreenSource {
  readonly sessionId: string;
  /** Changes what this view wants. */
  want(change: Partial<TerminalWant>): void;
  /** Ends the claim; the last one that ends unsubscribes. */
  release(): void;
}

/** Mutable; one per page. Owns its socket, its timers and, through its session, all screens. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #session: ViewerSession;
  readonly #stateListeners = new Listeners<ConnectionState>();
  readonly #eventListeners = new Listeners<SessionEvent>();
  readonly #screenListeners = new Map<string, Listeners<void>>();
  #state: ConnectionState = { link: IDLE, roundTripMs: null };
  #socket: Socket | null = null;
  #linkTimer: ReturnType<typeof setTimeout> | undefined;
  #sessionTimer: ReturnType<typeof setTimeout> | undefined;
  #endWatching: (() => void) | null = null;
  #nextView = 1;
  #syncAsked = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#session = new ViewerSession(options.encoding);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Connects, and keeps connected until `stop`. */
  start(): void {
    this.#endWatching ??= this.#watch();
    this.#session.setPageVisible(isPageVisible());
    this.#move({ type: "start" });
  }

  /** Closes for good, or until `start`. Screens stay. */
  stop(): void {
    this.#endWatching?.();
    this.#endWatching = null;
    this.#move({ type: "stop" });
  }

  /** Does not wait for the back-off: a person asked, or signed in anew. */
  retry(): void {
    const { phase } = this.#state.link;
    this.#move({ type: phase === "waiting" ? "hurry" : "start" });
  }

  /** Hands the server a renewed token of the same person. */
  renew(token: string): void {
    this.#send({ type: "auth", token });
  }

  /** Calls `listener` with every change of `state`; returns what ends that. */
  onState(listener: (state: ConnectionState) => void): () => void {
    return this.#stateListeners.add(listener);
  }

  /** Calls `listener` with every event of the session; returns what ends that. */
  onEvent(listener: (event: SessionEvent) => void): () => void {
    return this.#eventListeners.add(listener);
  }

  /** Claims a terminal for one view. Wants of one turn of the event loop go out together. */
  view(sessionId: string, want: TerminalWant): TerminalView {
    const id = this.#nextView;
    this.#nextView += 1;
    let current: TerminalWant | null = want;
    const set = (next: TerminalWant | null): void => {
      current = next;
      this.#session.setView(id, sessionId, next);
      this.#syncSoon();
    };
    set(want);
    return {
      sessionId,
      screen: this.#session.screen(sessionId),
      watch: (listener) => this.#watchScreen(sessionId, listener),
      want: (change) => current !== null && set({ ...current, ...change }),
      release: () => set(null),
    };
  }

  /** What is held of a terminal, viewed or not; it has no rows until its first keyframe came. */
  screen(sessionId: string): Screen {
    return this.#session.screen(sessionId);
  }

  /** Keys as a terminal would send them. Without a connection they are kept as unsent, never sent later by themselves. */
  input(sessionId: string, data: string): void {
    this.#session.input(sessionId, "keys", data, performance.now());
    this.#pump();
  }

  /** Bytes that are not text: each character of `data` is one. */
  inputBytes(sessionId: string, data: string): void {
    this.#session.input(sessionId, "bytes", data, performance.now());
    this.#pump();
  }

  paste(sessionId: string, text: string): void {
    this.#session.input(sessionId, "paste", text, performance.now());
    this.#pump();
  }

  /** Returns false, having done nothing, when there is no connection. */
  resize(sessionId: string, rows: number, columns: number): boolean {
    return this.#send({ type: "resize", session_id: sessionId, rows, columns });
  }

  /** Text for an agent: pasted, then Enter. Returns false, having done nothing, when there is no connection. */
  userMessage(sessionId: string, content: string): boolean {
    return this.#send({ type: "user_message", content, session_id: sessionId });
  }

  /** Inputs that were sent and are not acknowledged yet, and since when (performance.now() ms) the oldest waits. */
  inFlightInput(sessionId: string): { readonly count: number; readonly sinceMs: number | null } {
    return this.#session.inFlightInput(sessionId);
  }

  unsentInput(sessionId: string): readonly UnsentInput[] {
    return this.#session.unsentInput(sessionId);
  }

  /** A person looked at the unsent input and wants it sent after all. */
  sendUnsent(sessionId: string): void {
    this.#session.sendUnsent(sessionId, performance.now());
    this.#pump();
  }

  discardUnsent(sessionId: string): void {
    this.#session.discardUnsent(sessionId);
    this.#pump();
  }

  #send(message: Extract<ClientMessage, { type: "resize" | "auth" | "user_message" }>): boolean {
    const sent = this.#session.send(message);
    this.#pump();
    return sent;
  }

  #watch(): () => void {
    const endLife = watchPageLife({
      visible: (visible) => {
        this.#session.setPageVisible(visible);
        this.#pump();
      },
      doubt: () => {
        this.#session.doubt(performance.now());
        this.#pump();
        this.#move({ type: "hurry" });
      },
    });
    const endPainted = this.#options.scheduler.onPainted(() => {
      this.#session.painted();
      this.#pump();
    });
    return () => {
      endLife();
      endPainted();
    };
  }

  #watchScreen(sessionId: string, listener: () => void): () => void {
    let listeners = this.#screenListeners.get(sessionId);
    if (listeners === undefined) {
      listeners = new Listeners<void>();
      this.#screenListeners.set(sessionId, listeners);
    }
    const end = listeners.add(listener);
    return () => {
      end();
      if (listeners.isEmpty) this.#screenListeners.delete(sessionId);
    };
  }

  #syncSoon(): void {
    if (this.#syncAsked) return;
    this.#syncAsked = true;
    queueMicrotask(() => {
      this.#syncAsked = false;
      this.#session.syncSubscriptions();
      this.#pump();
    });
  }

  #move(event: LinkEvent): void {
    const before = this.#state.link;
    const link = reduceLink(before, event, performance.now(), (this.#options.random ?? Math.random)());
    if (link === before) return;
    clearTimeout(this.#linkTimer);
    if (link.phase !== "connecting" && link.phase !== "open") this.#drop();
    this.#setState({ link, roundTripMs: link.phase === "open" ? this.#session.roundTripMs : null });
    if (link.phase === "connecting") this.#connect();
    if (link.phase === "waiting") {
      const wait = Math.max(0, link.untilMs - performance.now());
      this.#linkTimer = setTimeout(() => this.#move({ type: "timer" }), Math.ceil(wait));
    }
  }

  #setState(state: ConnectionState): void {
    this.#state = state;
    this.#stateListeners.call(state);
  }

  #connect(): void {
    const token = this.#options.token();
    if (token === null) {
      this.#move({ type: "closed", code: CLOSE_NOT_SIGNED_IN, reason: "" });
      return;
    }
    this.#socket = new Socket(this.#options.origin, token, {
      opened: () => this.#do(() => this.#session.connected(performance.now())),
      text: (text) => this.#do(() => this.#session.receiveText(text, performance.now())),
      bytes: (bytes) => {
        this.#do(() => this.#session.receiveBytes(bytes, performance.now()));
        this.#options.scheduler.wake();
      },
      closed: (code, reason) => this.#move({ type: "closed", code, reason }),
    });
  }

  /** Ends what is left of the connection; the session notes what is in doubt. */
  #drop(): void {
    this.#socket?.abandon();
    this.#socket = null;
    this.#session.disconnected();
    this.#pump();
  }

  #do(step: () => void): void {
    step();
    this.#pump();
  }

  /** Sends and reports what the session has to say, and sets its alarm. */
  #pump(): void {
    for (const message of this.#session.takeOutgoing()) this.#socket?.send(JSON.stringify(message));
    for (const event of this.#session.takeEvents()) this.#report(event);
    const code = this.#session.closing;
    if (code !== null) this.#move({ type: "closed", code, reason: "" });
    clearTimeout(this.#sessionTimer);
    const nextMs = this.#session.nextTimerMs;
    if (!Number.isFinite(nextMs)) return;
    this.#sessionTimer = setTimeout(
      () => this.#do(() => this.#session.timer(performance.now())),
      Math.max(0, Math.ceil(nextMs - performance.now())),
    );
  }

  #report(event: SessionEvent): void {
    if (event.type === "hello") {
      this.#socket?.settled();
      this.#move({ type: "opened" });
    }
    if (event.type === "round_trip") this.#setState({ ...this.#state, roundTripMs: event.roundTripMs });
    if (event.type === "screen") this.#screenListeners.get(event.sessionId)?.call();
    this.#eventListeners.call(event);
  }
}
