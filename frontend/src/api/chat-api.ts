/** The routes of messages and conversations. */

import type { AgentMessage } from "@/core";
import type { Said } from "@/store/chat";
import type { Call } from "./client";

export interface ConversationPage {
  /** Oldest first. */
  readonly entries: readonly Said[];
  /** Where the page before this one ends; null: nothing is older. */
  readonly before: string | null;
}

export class ChatApi {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /** What was said just before `before`, or the newest. */
  async conversation(sessionId: string, before: string | null = null): Promise<ConversationPage> {
    const query = before === null ? "" : `?${new URLSearchParams({ before })}`;
    const path = `/api/conversations/${encodeURIComponent(sessionId)}${query}`;
    return (await this.#call("GET", path)) as ConversationPage;
  }

  /** Sends the text of a message that failed once more, as a new one. */
  async resend(messageId: number): Promise<AgentMessage> {
    return (await this.#call("POST", `/api/messages/${messageId}/resend`)) as AgentMessage;
  }

  /** For a text that is too long for the live connection. */
  async send(sessionId: string, text: string): Promise<AgentMessage> {
    return (await this.#call("POST", "/api/messages", { to: sessionId, text })) as AgentMessage;
  }
}
