/** Runs a viewer session over a WebSocket: tickets, timers, page visibility, reconnecting. */

import type { LinkState, SessionEvent, TerminalWant, UnsentInput } from "../core";
import type { ScreenSource } from "./screen-source";

export interface ConnectionOptions {
  /** Origin of the daemon, without a slash at the end; "" for the page's own. */
  readonly origin: string;
  /** The bearer token, or null when nobody is signed in. Asked for before every connection. */
  readonly token: () => string | null;
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

/** Mutable; one per page. Owns its socket, its timers and all screens. */
export class Connection {
  constructor(_options: ConnectionOptions) {
    throw new Error("not there yet");
  }

  declare readonly state: ConnectionState;

  /** Connects, and keeps connected until `stop`. */
  declare start: () => void;
  /** Closes for good, or until `start`. */
  declare stop: () => void;
  /** Does not wait for the back-off: a person asked, or signed in anew. */
  declare retry: () => void;
  /** Hands the server a renewed token of the same person. */
  declare renew: (token: string) => void;

  /** Calls `listener` with every change of `state`; returns what ends that. */
  declare onState: (listener: (state: ConnectionState) => void) => () => void;
  /** Calls `listener` with every event of the session; returns what ends that. */
  declare onEvent: (listener: (event: SessionEvent) => void) => () => void;

  /** Claims a terminal for one view. */
  declare view: (sessionId: string, want: TerminalWant) => TerminalView;

  /** Keys as a terminal would send them. Without a connection they are kept as unsent, never sent later by themselves. */
  declare input: (sessionId: string, data: string) => void;
  /** Bytes that are not text, each character of `data` one byte. */
  declare inputBytes: (sessionId: string, data: string) => void;
  declare paste: (sessionId: string, text: string) => void;
  declare resize: (sessionId: string, rows: number, columns: number) => void;
  declare userMessage: (sessionId: string, content: string) => void;

  /** Inputs that were sent and are not acknowledged yet, and since when (performance.now() ms) the oldest waits. */
  declare inFlightInput: (sessionId: string) => { readonly count: number; readonly sinceMs: number | null };
  declare unsentInput: (sessionId: string) => readonly UnsentInput[];
  /** A person looked at the unsent input and wants it sent after all. */
  declare sendUnsent: (sessionId: string) => void;
  declare discardUnsent: (sessionId: string) => void;
}
