/**
 * One viewer's side of the conversation, without a socket and without a clock: messages and times go in,
 * messages and events come out. It outlives connections: screens stay, subscriptions are sent again.
 */

import { base64OfBytes } from "./base64";
import { decodeEnvelope, type Envelope, type EnvelopeFault, type Frame } from "./frame";
import { Heartbeat } from "./heartbeat";
import { HeldScreens } from "./held-screens";
import { type InputKind, InputLedger, type UnsentInput } from "./input-ledger";
import {
  type Agent,
  type AgentMessage,
  type ApprovalUpdate,
  type ClaudeResponse,
  type ClientMessage,
  type Hello,
  PROTOCOL,
  type ResyncReason,
  type ServerError,
  type ServerMessage,
  type TaskUpdate,
} from "./message";
import { unpackFrame } from "./packed-frame";
import { isPacked, Unpacker } from "./packing";
import { parseServerMessage } from "./parse-message";
import { CLOSE_ABNORMAL, CLOSE_BAD_MESSAGE, CLOSE_NO_LIFE_SIGN } from "./reconnect";
import type { Screen } from "./screen";
import { splitText } from "./split-text";
import { type FrameEncoding, Subscriptions, type TerminalWant } from "./subscription";

/** Largest text that is pasted at once, characters; the server takes 1 MiB/s. */
export const MAX_PASTE_CHARACTERS = 262_144;

export type SessionEvent =
  | { readonly type: "hello"; readonly hello: Hello }
  | { readonly type: "agents"; readonly agents: readonly Agent[] }
  | { readonly type: "agent_update"; readonly agent: Agent }
  | { readonly type: "agent_removed"; readonly id: string; readonly sessionId: string }
  | { readonly type: "message_update"; readonly message: AgentMessage }
  | ClaudeResponse
  | TaskUpdate
  | ApprovalUpdate
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
  /** Input in flight or unsent changed: ask `inFlightInput` and `unsentInput`. */
  | { readonly type: "input"; readonly sessionId: string }
  | { readonly type: "round_trip"; readonly roundTripMs: number }
  | { readonly type: "auth_expiring"; readonly expiresUnixS: number }
  | { readonly type: "refused"; readonly error: ServerError }
  /** Somebody broke the protocol; the session has already done what mends it. */
  | { readonly type: "fault"; readonly code: string; readonly detail: string };

/** Mutable; owned by the runner of the socket, which calls `take...` after every other call. */
export class ViewerSession {
  readonly #subscriptions: Subscriptions;
  readonly #screens = new HeldScreens();
  readonly #ledger = new InputLedger();
  /** The packed streams of this connection. */
  #unpacker = new Unpacker();
  #heartbeat: Heartbeat | null = null;
  /** Hello came: the server serves this connection. */
  #ready = false;
  #pageVisible = true;
  #receivedTick = 0;
  #ackedTick = 0;
  #closing: number | null = null;
  #outgoing: ClientMessage[] = [];
  #events: SessionEvent[] = [];

  /** Frames come as `encoding` says: packed ones are fewer bytes and a little more work on both sides. */
  constructor(encoding: FrameEncoding = "cells") {
    this.#subscriptions = new Subscriptions(encoding);
  }

  /** True from the server's hello until the connection ends. */
  get isReady(): boolean {
    return this.#ready;
  }

  get roundTripMs(): number | null {
    return this.#heartbeat?.roundTripMs ?? null;
  }

  /** When `timer` must be called next, ms. */
  get nextTimerMs(): number {
    return Math.min(this.#heartbeat?.nextMs ?? Number.POSITIVE_INFINITY, this.#screens.nextMs);
  }

  /** A terminal's screen; the same object until its agent is removed. */
  screen(sessionId: string): Screen {
    return this.#screens.screen(sessionId);
  }

  /** Messages to send, in order. */
  takeOutgoing(): readonly ClientMessage[] {
    const outgoing = this.#outgoing;
    this.#outgoing = [];
    return outgoing;
  }

  takeEvents(): readonly SessionEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** The close code of a connection that must end from here, null while it may live. */
  get closing(): number | null {
    return this.#closing;
  }

  // What the runner reports.

  /** The socket is open. */
  connected(nowMs: number): void {
    this.#heartbeat = new Heartbeat(nowMs);
    this.#unpacker = new Unpacker();
    this.#closing = null;
    this.#receivedTick = 0;
    this.#ackedTick = 0;
  }

  /** The socket is closed; input that was not acknowledged is in doubt. */
  disconnected(): void {
    this.#ready = false;
    this.#heartbeat = null;
    this.#closing = null;
    this.#outgoing = [];
    this.#subscriptions.forgetAll();
    this.#screens.disconnect();
    for (const sessionId of this.#ledger.disconnect()) this.#events.push({ type: "input", sessionId });
  }

  receiveText(text: string, nowMs: number): void {
    this.#heartbeat?.received(nowMs);
    const message = parseServerMessage(text);
    if (message.type === "fault") this.#fault(message.code, message.detail);
    else this.#receive(message, nowMs);
  }

  receiveBytes(bytes: Uint8Array, nowMs: number): void {
    this.#heartbeat?.received(nowMs);
    const envelope = isPacked(bytes) ? this.#unpacked(bytes) : decodeEnvelope(bytes);
    if (envelope.type === "fault") {
      // What it held is unknown, so no screen is known to be right, and the tick is not known either: start anew.
      this.#fault(envelope.code, envelope.detail);
      this.#closing = CLOSE_ABNORMAL;
      return;
    }
    this.#receiveEnvelope(envelope, nowMs);
  }

  /** Everything received so far is on the canvases. */
  painted(): void {
    if (!this.#ready || this.#ackedTick === this.#receivedTick) return;
    this.#ackedTick = this.#receivedTick;
    this.#outgoing.push({ type: "ack", tick: this.#ackedTick });
  }

  /** Time went on; call at `nextTimerMs`. */
  timer(nowMs: number): void {
    const beat = this.#heartbeat?.timer(nowMs) ?? null;
    if (beat === "dead") this.#closing = CLOSE_NO_LIFE_SIGN;
    else if (beat !== null) this.#outgoing.push({ type: "ping", id: beat });
    for (const [sessionId, reason] of this.#screens.takeResyncs(nowMs)) this.#resync(sessionId, reason);
  }

  /** The page slept, or the network changed: find out soon whether the connection still lives. */
  doubt(nowMs: number): void {
    const id = this.#heartbeat?.probe(nowMs) ?? null;
    if (id !== null) this.#outgoing.push({ type: "ping", id });
  }

  /** A page that nobody sees paints nothing: its terminals cost nothing. */
  setPageVisible(visible: boolean): void {
    this.#pageVisible = visible;
    this.#subscriptions.setPageVisible(visible);
    if (!visible) this.painted();
    this.syncSubscriptions();
  }

  // What people wish.

  /** Sets, or with null ends, what one view wants; takes effect with `syncSubscriptions`. */
  setView(view: number, sessionId: string, want: TerminalWant | null): void {
    this.#subscriptions.setView(view, sessionId, want);
  }

  /** Tells the server what changed in the views' wants. */
  syncSubscriptions(): void {
    if (!this.#ready) return;
    for (const message of this.#subscriptions.changes()) {
      if (message.type === "unsubscribe_terminal") this.#screens.awaitKeyframe(message.session_id);
      this.#outgoing.push(message);
    }
  }

  /** Sends input, or keeps it as unsent when there is no connection. Long text is cut into several messages. */
  input(sessionId: string, kind: InputKind, text: string, nowMs: number): void {
    if (text === "") return;
    if (kind === "paste" && text.length > MAX_PASTE_CHARACTERS) {
      this.#fault(
        "paste_too_big",
        `A paste can have ${MAX_PASTE_CHARACTERS} characters; this one has ${text.length}.`,
      );
      return;
    }
    if (!this.#ready) {
      this.#ledger.keep(sessionId, kind, text, nowMs);
    } else {
      for (const piece of splitText(text)) {
        const seq = this.#ledger.send(sessionId, kind, piece, nowMs);
        this.#outgoing.push(inputMessage(sessionId, kind, seq, piece));
      }
    }
    this.#events.push({ type: "input", sessionId });
  }

  inFlightInput(sessionId: string): { readonly count: number; readonly sinceMs: number | null } {
    return this.#ledger.inFlight(sessionId);
  }

  unsentInput(sessionId: string): readonly UnsentInput[] {
    return this.#ledger.unsent(sessionId);
  }

  /** A person looked at the unsent input and wants it sent after all. */
  sendUnsent(sessionId: string, nowMs: number): void {
    for (const { kind, text } of this.#ledger.takeUnsent(sessionId)) this.input(sessionId, kind, text, nowMs);
    this.#events.push({ type: "input", sessionId });
  }

  discardUnsent(sessionId: string): void {
    this.#ledger.takeUnsent(sessionId);
    this.#events.push({ type: "input", sessionId });
  }

  /** Sends a message that needs no book-keeping. Returns false when there is no connection. */
  send(message: Extract<ClientMessage, { type: "resize" | "auth" | "user_message" }>): boolean {
    if (this.#ready) this.#outgoing.push(message);
    return this.#ready;
  }

  #receive(message: ServerMessage, nowMs: number): void {
    switch (message.type) {
      case "hello":
        this.#hello(message);
        return;
      case "agents":
      case "agent_update":
      case "message_update":
      case "claude_response":
      case "task_update":
      case "approval_update":
        this.#events.push(message);
        return;
      case "agent_removed":
        this.#forget(message.session_id);
        this.#events.push({ type: "agent_removed", id: message.id, sessionId: message.session_id });
        return;
      case "subscribed":
        this.#screens.subscribed(message.session_id, message.pane);
        return;
      case "unsubscribed":
        if (message.reason === "removed") {
          this.#subscriptions.removed(message.session_id);
          this.#screens.awaitKeyframe(message.session_id);
        }
        this.#events.push({ type: "unsubscribed", sessionId: message.session_id, reason: message.reason });
        return;
      case "terminal_output":
        return;
      case "input_ack":
        this.#acknowledge(message.session_id, message.seq);
        return;
      case "auth_expiring":
        this.#events.push({ type: "auth_expiring", expiresUnixS: message.expires_unix_s });
        return;
      case "pong": {
        const roundTripMs = this.#heartbeat?.pong(message.id, nowMs) ?? null;
        if (roundTripMs !== null) this.#events.push({ type: "round_trip", roundTripMs });
        return;
      }
      case "error":
        this.#refused(message);
        return;
    }
  }

  #hello(hello: Hello): void {
    if (hello.protocol !== PROTOCOL) {
      this.#fault(
        "other_protocol",
        `The daemon speaks protocol ${hello.protocol}, this page ${PROTOCOL}: reload.`,
      );
      this.#closing = CLOSE_BAD_MESSAGE;
      return;
    }
    this.#ready = true;
    this.#events.push({ type: "hello", hello });
    this.syncSubscriptions();
  }

  #refused(error: ServerError): void {
    const { about, session_id: sessionId, seq } = error;
    const wasInput = about === "input" || about === "paste";
    if (sessionId !== null && wasInput && this.#ledger.refuse(sessionId, seq)) {
      this.#events.push({ type: "input", sessionId });
    }
    this.#events.push({ type: "refused", error });
  }

  /** A packed message as the envelope that it stands for; its tick is the next one. */
  #unpacked(bytes: Uint8Array): Envelope | EnvelopeFault {
    const items = this.#unpacker.unpack(bytes);
    if ("type" in items) return items;
    const acks = new Map<number, number>();
    const frames: Frame[] = [];
    for (const { pane, inputSeq, frame: packed } of items) {
      if (inputSeq !== null) acks.set(pane, inputSeq);
      const frame = unpackFrame(packed, pane, this.#screens.place(pane));
      if (frame === null) continue;
      if ("type" in frame) return frame;
      frames.push(frame);
    }
    return { type: "envelope", tick: this.#receivedTick + 1, acks, frames };
  }

  #receiveEnvelope(envelope: Envelope, nowMs: number): void {
    const nothingUnpainted = this.#ackedTick === this.#receivedTick;
    this.#receivedTick = envelope.tick;
    for (const [pane, seq] of envelope.acks) {
      const sessionId = this.#screens.sessionOf(pane);
      if (sessionId !== undefined) this.#acknowledge(sessionId, seq);
    }
    for (const frame of envelope.frames) this.#receiveFrame(frame, nowMs);
    if (!this.#pageVisible || (nothingUnpainted && envelope.frames.length === 0)) this.painted();
  }

  #receiveFrame(frame: Frame, nowMs: number): void {
    const outcome = this.#screens.apply(frame, nowMs);
    if (outcome.type === "ignored") return;
    const { sessionId } = outcome;
    if (outcome.type === "fault") {
      this.#fault(`screen_${outcome.reason}`, outcome.detail);
      if (outcome.resync) this.#resync(sessionId, outcome.reason);
      return;
    }
    const { resized, titled, bells } = outcome.result;
    this.#events.push({ type: "screen", sessionId, screen: outcome.screen, resized });
    if (titled) this.#events.push({ type: "title", sessionId, title: outcome.screen.title });
    if (bells > 0) this.#events.push({ type: "bell", sessionId, count: bells });
  }

  /** What is held is wrong: the server counts why, and sends the whole screen. */
  #resync(sessionId: string, reason: ResyncReason): void {
    if (!this.#ready || !this.#subscriptions.isSent(sessionId)) return;
    this.#screens.awaitKeyframe(sessionId);
    this.#outgoing.push({ type: "resync", session_id: sessionId, reason });
  }

  #acknowledge(sessionId: string, seq: number): void {
    if (this.#ledger.acknowledge(sessionId, seq)) this.#events.push({ type: "input", sessionId });
  }

  #forget(sessionId: string): void {
    this.#subscriptions.removed(sessionId);
    this.#screens.forget(sessionId);
    this.#ledger.forget(sessionId);
  }

  #fault(code: string, detail: string): void {
    this.#events.push({ type: "fault", code, detail });
  }
}

function inputMessage(sessionId: string, kind: InputKind, seq: number, text: string): ClientMessage {
  switch (kind) {
    case "keys":
      return { type: "input", session_id: sessionId, seq, data: text };
    case "bytes":
      return { type: "input", session_id: sessionId, seq, data_base64: base64OfBytes(text) };
    case "paste":
      return { type: "paste", session_id: sessionId, seq, text };
  }
}
