/** How the page stands with the daemon, for the status bar and the signed-out screen. Written by the conversation only. */

import { createStore, type StoreApi } from "zustand/vanilla";
import type { Hello, LinkState } from "@/core";

export interface ConnectionState {
  readonly link: LinkState;
  /** From the last `hello`; stays after the connection ended, as the picture does. */
  readonly hello: Hello | null;
  readonly roundTripMs: number | null;
  /** Server clock minus this machine's, so that ages are the server's. */
  readonly clockAheadS: number;
  readonly setLink: (link: LinkState) => void;
  readonly greet: (hello: Hello, unixS: number) => void;
  readonly measure: (roundTripMs: number) => void;
}

export type ConnectionStore = StoreApi<ConnectionState>;

export type Permission =
  | "sessions:read"
  | "sessions:input"
  | "agents:spawn"
  | "agents:kill"
  | "tasks:read"
  | "tasks:delegate"
  | "tasks:approve"
  | "messages:send";

/** What the status bar and tests tell apart. */
export type Standing = "open" | "connecting" | "closed";

export interface ConnectionWords {
  readonly standing: Standing;
  readonly word: string;
  readonly meaning: string;
}

export function createConnectionStore(): ConnectionStore {
  return createStore<ConnectionState>((set) => ({
    link: { phase: "idle" },
    hello: null,
    roundTripMs: null,
    clockAheadS: 0,
    setLink: (link) => set(link.phase === "open" ? { link } : { link, roundTripMs: null }),
    greet: (hello, unixS) => set({ hello, clockAheadS: hello.server_unix_ms / 1000 - unixS }),
    measure: (roundTripMs) => set({ roundTripMs }),
  }));
}

/** Before the first `hello` nothing is permitted, so nothing is offered that would be refused. */
export function mayI(state: Pick<ConnectionState, "hello">, permission: Permission): boolean {
  return state.hello?.permissions.includes(permission) ?? false;
}

export function connectionWords(link: LinkState): ConnectionWords {
  switch (link.phase) {
    case "open":
      return { standing: "open", word: "Connected", meaning: "What you see is live." };
    case "idle":
      return { standing: "connecting", word: "Starting", meaning: "The connection has not been opened yet." };
    case "connecting":
      return link.attempt === 0
        ? { standing: "connecting", word: "Connecting", meaning: "Asking the daemon for a connection." }
        : {
            standing: "connecting",
            word: "Reconnecting",
            meaning: "The connection broke and is being opened again.",
          };
    case "waiting":
      return {
        standing: "connecting",
        word: "Reconnecting",
        meaning: "The daemon does not answer. The screens show the last picture that came.",
      };
    case "signed_out":
      return { standing: "closed", word: "Signed out", meaning: "The sign-in has ended." };
    case "refused":
      return {
        standing: "closed",
        word: "Disconnected",
        meaning: link.reason === "" ? `The daemon closed the connection (${link.code}).` : link.reason,
      };
  }
}
