/** What was said to agents and by them, of those whose conversation was opened. Written by the talks (src/live) only. */

import { createStore, type StoreApi } from "zustand/vanilla";
import type { AgentMessage, ClaudeResponse, ReplyAction } from "@/core";
import { newerMessage } from "./message-words";

export interface SaidReply {
  readonly kind: "reply";
  readonly session_id: string;
  readonly text: string;
  readonly actions: readonly ReplyAction[];
  readonly message_id: number | null;
  readonly unix_ms: number;
}

export type SaidMessage = AgentMessage & { readonly kind: "message" };
export type Said = SaidMessage | SaidReply;

export interface Talk {
  /** Oldest first. */
  readonly entries: readonly Said[];
  /** Where older entries end; null: there are none. */
  readonly before: string | null;
  /** False until the first page came. */
  readonly known: boolean;
  /** Why it did not come. */
  readonly problem: string | null;
  /** What stands in the composer. */
  readonly draft: string;
  /** Texts that were sent and not heard of since, oldest first. */
  readonly sending: readonly string[];
}

export const NEW_TALK: Talk = {
  entries: [],
  before: null,
  known: false,
  problem: null,
  draft: "",
  sending: [],
};

export interface ChatState {
  /** By session. */
  readonly talks: ReadonlyMap<string, Talk>;
  readonly open: (sessionId: string) => void;
  readonly forget: (sessionId: string) => void;
  /** The newest page; what was known before stays. */
  readonly takeNewest: (sessionId: string, entries: readonly Said[], before: string | null) => void;
  readonly takeOlder: (sessionId: string, entries: readonly Said[], before: string | null) => void;
  readonly takeMessage: (message: AgentMessage) => void;
  readonly takeReply: (reply: ClaudeResponse) => void;
  readonly fail: (sessionId: string, problem: string) => void;
  readonly write: (sessionId: string, draft: string) => void;
  /** The draft is under way. */
  readonly send: (sessionId: string) => void;
  /** What is under way did not arrive, or nobody knows: it comes back into the composer. */
  readonly takeBack: (sessionId: string) => void;
}

export type ChatStore = StoreApi<ChatState>;

export function createChatStore(): ChatStore {
  return createStore<ChatState>((set, get) => {
    const change = (sessionId: string, make: (talk: Talk) => Partial<Talk>) => {
      const talk = get().talks.get(sessionId);
      if (talk !== undefined)
        set({ talks: new Map([...get().talks, [sessionId, { ...talk, ...make(talk) }]]) });
    };
    return {
      talks: new Map(),
      open: (sessionId) => {
        if (!get().talks.has(sessionId)) set({ talks: new Map([...get().talks, [sessionId, NEW_TALK]]) });
      },
      forget: (sessionId) =>
        set({ talks: new Map([...get().talks].filter(([other]) => other !== sessionId)) }),
      takeNewest: (sessionId, entries, before) =>
        change(sessionId, (talk) => ({
          entries: merged(talk.entries, entries),
          before: talk.known ? talk.before : before,
          known: true,
          problem: null,
        })),
      takeOlder: (sessionId, entries, before) =>
        change(sessionId, (talk) => ({ entries: merged(talk.entries, entries), before, problem: null })),
      takeMessage: (message) =>
        change(message.session_id, (talk) => ({
          entries: merged(talk.entries, [{ ...message, kind: "message" }]),
          sending: isNew(talk, message) ? talk.sending.slice(1) : talk.sending,
        })),
      takeReply: (reply) =>
        change(reply.session_id, (talk) => ({ entries: merged(talk.entries, [saidReply(reply)]) })),
      fail: (sessionId, problem) => change(sessionId, () => ({ problem })),
      write: (sessionId, draft) => change(sessionId, () => ({ draft })),
      send: (sessionId) =>
        change(sessionId, ({ draft, sending }) => ({ draft: "", sending: [...sending, draft] })),
      takeBack: (sessionId) =>
        change(sessionId, ({ draft, sending }) => ({
          draft: [...sending, draft].filter((text) => text !== "").join("\n"),
          sending: [],
        })),
    };
  });
}

function saidReply({ content, actions, session_id, message_id, timestamp }: ClaudeResponse): SaidReply {
  return { kind: "reply", session_id, text: content, actions, message_id, unix_ms: timestamp };
}

function isNew(talk: Talk, { id }: AgentMessage): boolean {
  return !talk.entries.some((entry) => entry.kind === "message" && entry.id === id);
}

/** A reply is told live without a number, so it is known by when it came and what it says. */
export function saidKey(said: Said): string {
  return said.kind === "message" ? `message ${said.id}` : `reply ${said.unix_ms} ${said.text}`;
}

export function saidUnixMs(said: Said): number {
  return said.kind === "message" ? said.queued_unix_ms : said.unix_ms;
}

function merged(held: readonly Said[], told: readonly Said[]): readonly Said[] {
  const all = new Map(held.map((said) => [saidKey(said), said]));
  for (const said of told) {
    const before = all.get(saidKey(said));
    const newer =
      before?.kind === "message" && said.kind === "message"
        ? { ...newerMessage(before, said), kind: "message" as const }
        : said;
    all.set(saidKey(said), newer);
  }
  return [...all.values()].sort((a, b) => saidUnixMs(a) - saidUnixMs(b));
}
