/** The bearer token of this tab: where it is kept, when it is renewed, what the sign-in link says. */

import { createStore, type StoreApi } from "zustand/vanilla";
import type { TextStore } from "./preferences";

export interface Token {
  readonly accessToken: string;
  readonly expiresUnixS: number;
}

export type SignedOutReason = "none" | "expired" | "refused" | "asked";

export interface SignInState {
  readonly token: Token | null;
  /** Why there is no token; the words of the signed-out screen follow it. */
  readonly reason: SignedOutReason;
  readonly signIn: (token: Token) => void;
  readonly signOut: (reason: Exclude<SignedOutReason, "none">) => void;
}

export type SignInStore = StoreApi<SignInState>;

export const TOKEN_KEY = "orchestra.token";
/** A token is renewed this long before it ends, or at half its remaining life when that is shorter. */
export const RENEW_BEFORE_S = 300;
/** Codes are short; whatever is longer is not one. */
const MAX_CODE_CHARACTERS = 512;

export function parseToken(text: string | null, unixS: number): Token | null {
  let kept: unknown;
  try {
    kept = JSON.parse(text ?? "null");
  } catch {
    return null;
  }
  if (typeof kept !== "object" || kept === null) return null;
  const { accessToken, expiresUnixS } = kept as Record<string, unknown>;
  if (typeof accessToken !== "string" || accessToken === "" || typeof expiresUnixS !== "number") return null;
  return expiresUnixS > unixS ? { accessToken, expiresUnixS } : null;
}

/** Seconds from now, when the token came, until it should be renewed. */
export function renewInS(token: Token, unixS: number): number {
  const left = token.expiresUnixS - unixS;
  return Math.max(0, left - Math.min(RENEW_BEFORE_S, left / 2));
}

/** Finds the one-time code in a whole sign-in link, in its fragment, or bare; null when there is none. */
export function parseCode(pasted: string): string | null {
  const text = pasted.trim();
  const fragment = /#(.*)$/s.exec(text)?.[1];
  const code = fragment === undefined ? bareCode(text) : new URLSearchParams(fragment).get("code");
  return code !== null && code !== "" && code.length <= MAX_CODE_CHARACTERS ? code : null;
}

function bareCode(text: string): string | null {
  const bare = text.replace(/^code=/, "");
  return /^[A-Za-z0-9._~+/=-]+$/.test(bare) && !bare.includes("//") ? bare : null;
}

export function createSignInStore(storage: TextStore, unixS: number): SignInStore {
  const kept = storage.getItem(TOKEN_KEY);
  const token = parseToken(kept, unixS);
  return createStore<SignInState>((set) => ({
    token,
    reason: token === null && kept !== null ? "expired" : "none",
    signIn: (fresh) => {
      storage.setItem(TOKEN_KEY, JSON.stringify(fresh));
      set({ token: fresh, reason: "none" });
    },
    signOut: (reason) => {
      storage.removeItem(TOKEN_KEY);
      set({ token: null, reason });
    },
  }));
}
