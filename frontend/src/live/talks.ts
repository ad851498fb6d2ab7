/** Keeps the opened conversations as the daemon has them, and sends what is written in them. */

import { asProblem } from "@/api/problem";
import type { AgentMessage, ClaudeResponse, ServerError } from "@/core";
import type { Orchestra } from "./orchestra";

type Around = Pick<Orchestra, "api" | "chat" | "link" | "notices">;

/** Bytes that one message to the daemon may have are 64 KiB; what is longer goes over HTTP. */
const MAX_LIVE_BYTES = 60_000;

/** Mutable; owned by the page. Sole writer of the chat store. */
export class Talks {
  readonly #orchestra: Around;

  constructor(orchestra: Around) {
    this.#orchestra = orchestra;
  }

  /** Opens a conversation, and brings one that was open up to date. */
  async open(sessionId: string): Promise<void> {
    const { api, chat } = this.#orchestra;
    chat.getState().open(sessionId);
    try {
      const { entries, before } = await api.chat.conversation(sessionId);
      chat.getState().takeNewest(sessionId, entries, before);
    } catch (error) {
      chat.getState().fail(sessionId, asProblem(error).message);
    }
  }

  /** After the connection came back: what was said meanwhile, and back into the composer what nobody heard of. */
  async refresh(): Promise<void> {
    const { chat } = this.#orchestra;
    for (const [sessionId, { sending }] of chat.getState().talks) {
      if (sending.length > 0) {
        chat.getState().takeBack(sessionId);
        const text = "The connection broke; look whether your message arrived before you send it again.";
        this.#orchestra.notices.getState().say({ tone: "danger", text });
      }
      await this.open(sessionId);
    }
  }

  async loadOlder(sessionId: string): Promise<void> {
    const { api, chat } = this.#orchestra;
    const before = chat.getState().talks.get(sessionId)?.before ?? null;
    if (before === null) return;
    try {
      const page = await api.chat.conversation(sessionId, before);
      chat.getState().takeOlder(sessionId, page.entries, page.before);
    } catch (error) {
      chat.getState().fail(sessionId, asProblem(error).message);
    }
  }

  /** Sends the draft; it comes back when it could not be sent. */
  async send(sessionId: string): Promise<void> {
    const { api, chat, link } = this.#orchestra;
    const draft = chat.getState().talks.get(sessionId)?.draft ?? "";
    if (draft.trim() === "") return;
    chat.getState().send(sessionId);
    try {
      if (new TextEncoder().encode(JSON.stringify(draft)).length > MAX_LIVE_BYTES)
        chat.getState().takeMessage(await api.chat.send(sessionId, draft));
      else if (!link.userMessage(sessionId, draft)) {
        chat.getState().takeBack(sessionId);
        this.#say("There is no connection; nothing was sent.");
      }
    } catch (error) {
      chat.getState().takeBack(sessionId);
      this.#say("The message was not sent.", asProblem(error).message);
    }
  }

  async resend(messageId: number): Promise<void> {
    try {
      this.#orchestra.chat.getState().takeMessage(await this.#orchestra.api.chat.resend(messageId));
    } catch (error) {
      this.#say("The message was not sent again.", asProblem(error).message);
    }
  }

  takeMessage(message: AgentMessage): void {
    this.#orchestra.chat.getState().takeMessage(message);
  }

  takeReply(reply: ClaudeResponse): void {
    this.#orchestra.chat.getState().takeReply(reply);
  }

  /** A refused message comes back to where it was written. */
  takeRefusal(error: ServerError): void {
    if (error.about === "user_message" && error.session_id !== null)
      this.#orchestra.chat.getState().takeBack(error.session_id);
  }

  #say(text: string, detail?: string): void {
    const said = { tone: "danger", text } as const;
    this.#orchestra.notices.getState().say(detail === undefined ? said : { ...said, detail });
  }
}
