/** Types of the viewer session; the machine follows. */

import type { Agent, Hello, ServerError } from "./message";
import type { Screen } from "./screen";

/** What one view wants of a terminal; all views of a terminal together make its subscription. */
export interface TerminalWant {
  readonly visible: boolean;
  readonly focused: boolean;
  /** 1..60 */
  readonly maxFps: number;
}

/** Input that certainly or possibly did not reach the terminal. It is never sent again unless a person says so. */
export interface UnsentInput {
  readonly kind: "keys" | "paste";
  readonly text: string;
  readonly atMs: number;
  /** not_sent: there was no connection. unacknowledged: sent, but the connection ended first. refused: by the server. */
  readonly reason: "not_sent" | "unacknowledged" | "refused";
}

export type SessionEvent =
  | { readonly type: "hello"; readonly hello: Hello }
  | { readonly type: "agents"; readonly agents: readonly Agent[] }
  | { readonly type: "agent_update"; readonly agent: Agent }
  | { readonly type: "agent_removed"; readonly id: string; readonly sessionId: string }
  /** The terminal's screen took a frame; `resized` when its size or epoch is another one. */
  | {
      readonly type: "screen";
      readonly sessionId: string;
      readonly screen: Screen;
      readonly resized: boolean;
    }
  | { readonly type: "title"; readonly sessionId: string; readonly title: string }
  | { readonly type: "bell"; readonly sessionId: string; readonly count: number }
  | { readonly type: "unsubscribed"; readonly sessionId: string; readonly reason: "asked" | "removed" }
  /** Input in flight or unsent changed: ask `pendingInput` and `unsentInput`. */
  | { readonly type: "input"; readonly sessionId: string }
  | { readonly type: "round_trip"; readonly roundTripMs: number }
  | { readonly type: "auth_expiring"; readonly expiresUnixS: number }
  | { readonly type: "refused"; readonly error: ServerError }
  /** The server, or this page, broke the protocol; the session has already done what mends it. */
  | { readonly type: "fault"; readonly code: string; readonly detail: string };
