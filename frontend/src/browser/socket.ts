/** One WebSocket from ticket to close, reporting to one owner; after `abandon` it reports nothing more. */

import { CLOSE_ABNORMAL } from "../core";
import { requestTicket, socketAddress } from "./ticket";

/** From the first request to the server's hello, ms. */
export const CONNECT_TIMEOUT_MS = 15_000;

export interface SocketOwner {
  readonly opened: () => void;
  readonly text: (text: string) => void;
  readonly bytes: (bytes: Uint8Array) => void;
  /** Called once, last. */
  readonly closed: (code: number, reason: string) => void;
}

/** Mutable; owned by its connection; good for one attempt. */
export class Socket {
  readonly #owner: SocketOwner;
  #socket: WebSocket | null = null;
  #ended = false;
  readonly #deadline: ReturnType<typeof setTimeout>;

  /** Begins at once. */
  constructor(origin: string, token: string, owner: SocketOwner) {
    this.#owner = owner;
    this.#deadline = setTimeout(
      () => this.#end(CLOSE_ABNORMAL, "The daemon does not answer."),
      CONNECT_TIMEOUT_MS,
    );
    void this.#open(origin, token);
  }

  /** The server said hello: there is no deadline any longer. */
  settled(): void {
    clearTimeout(this.#deadline);
  }

  send(text: string): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(text);
  }

  /** Closes without a word to the owner. */
  abandon(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#deadline);
    this.#socket?.close(1000);
  }

  async #open(origin: string, token: string): Promise<void> {
    const answer = await requestTicket(origin, token);
    if (this.#ended) return;
    if (answer.type === "closed") {
      this.#end(answer.code, answer.reason);
      return;
    }
    const socket = new WebSocket(socketAddress(origin, answer.ticket));
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.onopen = () => this.#ended || this.#owner.opened();
    socket.onmessage = ({ data }: MessageEvent<unknown>) => this.#receive(data);
    socket.onclose = ({ code, reason }) => this.#end(code, reason);
  }

  #receive(data: unknown): void {
    if (this.#ended) return;
    if (typeof data === "string") this.#owner.text(data);
    else if (data instanceof ArrayBuffer) this.#owner.bytes(new Uint8Array(data));
  }

  #end(code: number, reason: string): void {
    if (this.#ended) return;
    this.abandon();
    this.#owner.closed(code, reason);
  }
}
