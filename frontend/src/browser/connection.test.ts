import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { encode } from "@msgpack/msgpack";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import WebSocket, { WebSocketServer } from "ws";
import { Connection } from "./connection";
import { PaintScheduler } from "./paint-scheduler";

const WANT = { visible: true, focused: false, maxFps: 10 };
const HELLO = {
  type: "hello",
  protocol: 1,
  version: "0.1.0",
  server_unix_ms: 0,
  subject: "me",
  permissions: [],
  expires_unix_s: 0,
};

/** A daemon of our own on loopback: real HTTP, real WebSockets, a script instead of terminals. */
class Daemon {
  readonly received: unknown[] = [];
  readonly tokens: (string | undefined)[] = [];
  ticketStatus = 201;
  greets = true;
  sockets: WebSocket[] = [];
  #http: Server;
  #wss = new WebSocketServer({ noServer: true });

  constructor() {
    this.#http = createServer((request, response) => {
      this.tokens.push(request.headers.authorization);
      response.writeHead(this.ticketStatus, { "content-type": "application/json" });
      response.end(JSON.stringify({ ticket: "one&only", expires_in_s: 15 }));
    });
    this.#http.on("upgrade", (request, socket, head) => {
      expect(request.url).toBe("/ws?ticket=one%26only");
      this.#wss.handleUpgrade(request, socket, head, (opened) => this.#serve(opened));
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#http.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.terminate();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  send(message: object): void {
    this.sockets.at(-1)?.send(JSON.stringify(message));
  }

  sendFrames(tick: number, ...frames: unknown[]): void {
    this.sockets.at(-1)?.send(encode([tick, {}, frames]));
  }

  /** Messages of a type that came so far. */
  of(type: string): readonly unknown[] {
    return this.received.filter((message) => (message as { type: string }).type === type);
  }

  #serve(socket: WebSocket): void {
    this.sockets.push(socket);
    socket.on("message", (data) => this.received.push(JSON.parse(String(data))));
    if (this.greets) socket.send(JSON.stringify(HELLO));
  }
}

const SUBSCRIBED = { type: "subscribed", session_id: "a", pane: 1, encoding: "cells", rows: 2, columns: 4 };
const keyframe = (text: string) => [
  1,
  1,
  0,
  1,
  [[]],
  [
    [0, 2, 4],
    [2, 0, 0, [[0, text]]],
  ],
];

describe("Connection", () => {
  let daemon: Daemon;
  let connection: Connection;
  let token: string | null;

  beforeEach(async () => {
    daemon = new Daemon();
    token = "secret";
    // What Node does not have of a page; Chromium has it all in the end-to-end tests.
    vi.stubGlobal("WebSocket", WebSocket);
    vi.stubGlobal("window", new EventTarget());
    vi.stubGlobal("document", Object.assign(new EventTarget(), { visibilityState: "visible" }));
    const scheduler = new PaintScheduler({
      requestAnimationFrame: (callback) => Number(setTimeout(() => callback(0), 0)),
    });
    // Long enough to be seen, 0.45 s, before the first attempt to come back.
    const random = () => 0.9;
    connection = new Connection({ origin: await daemon.start(), token: () => token, scheduler, random });
  });

  afterEach(async () => {
    connection.stop();
    await daemon.stop();
    vi.unstubAllGlobals();
  });

  const phase = (wanted: string) => vi.waitFor(() => expect(connection.state.link.phase).toBe(wanted), 4000);

  it("asks for a ticket with its token, opens with it, and is open when the server says hello", async () => {
    connection.start();
    await phase("open");
    expect(daemon.tokens).toEqual(["Bearer secret"]);
  });

  it("subscribes what is viewed, shows frames, and acknowledges them when they are painted", async () => {
    const view = connection.view("a", WANT);
    let changes = 0;
    view.watch(() => {
      changes += 1;
    });
    connection.start();
    await vi.waitFor(() => expect(daemon.of("subscribe_terminal")).toHaveLength(1));
    daemon.send(SUBSCRIBED);
    daemon.sendFrames(1, keyframe("hi"));
    await vi.waitFor(() => expect(daemon.of("ack")).toEqual([{ type: "ack", tick: 1 }]));
    expect([changes, view.screen.textRows()[0]]).toEqual([1, "hi  "]);
    view.want({ focused: true });
    await vi.waitFor(() => expect(daemon.of("subscribe_terminal")).toHaveLength(2));
    view.release();
    await vi.waitFor(() => expect(daemon.of("unsubscribe_terminal")).toHaveLength(1));
  });

  it("comes back after the daemon restarted, to the same screens, and sends nothing twice", async () => {
    const view = connection.view("a", WANT);
    connection.start();
    await phase("open");
    daemon.send(SUBSCRIBED);
    daemon.sendFrames(1, keyframe("one"));
    await vi.waitFor(() => expect(view.screen.rows).toBe(2));
    connection.input("a", "l");
    await vi.waitFor(() => expect(daemon.of("input")).toHaveLength(1));
    daemon.sockets[0]?.close(1012);
    await phase("waiting");
    connection.input("a", "s");
    expect(connection.unsentInput("a").map(({ reason }) => reason)).toEqual(["unacknowledged", "not_sent"]);
    await phase("open");
    await vi.waitFor(() => expect(daemon.of("subscribe_terminal")).toHaveLength(2));
    daemon.send({ ...SUBSCRIBED, pane: 1 });
    daemon.sendFrames(1, keyframe("two"));
    await vi.waitFor(() => expect(view.screen.textRows()[0]).toBe("two "));
    expect(daemon.of("input")).toHaveLength(1);
    connection.sendUnsent("a");
    await vi.waitFor(() => expect(daemon.of("input").slice(1)).toMatchObject([{ data: "l" }, { data: "s" }]));
  });

  it.each([
    [401, "signed_out"],
    [403, "refused"],
    [503, "waiting"],
  ])("takes status %d for a ticket as %s", async (status, expected) => {
    daemon.ticketStatus = status;
    connection.start();
    await phase(expected);
  });

  it("asks nobody when nobody is signed in", () => {
    token = null;
    connection.start();
    expect(connection.state.link.phase).toBe("signed_out");
    expect(daemon.tokens).toEqual([]);
  });

  it("stays away when it is refused, until a person tries again", async () => {
    connection.start();
    await phase("open");
    daemon.sockets[0]?.close(4403, "not you");
    await phase("refused");
    expect(connection.state.link).toMatchObject({ code: 4403, reason: "not you" });
    connection.retry();
    await phase("open");
  });

  it("is signed out when the server says so, and back with a new token", async () => {
    connection.start();
    await phase("open");
    daemon.sockets[0]?.close(4401);
    await phase("signed_out");
    token = "another";
    connection.retry();
    await phase("open");
    expect(daemon.tokens.at(-1)).toBe("Bearer another");
  });

  it("measures the round trip", async () => {
    connection.start();
    await vi.waitFor(() => expect(daemon.of("ping")).toHaveLength(1));
    daemon.send({ type: "pong", id: 1, server_unix_ms: 0 });
    await vi.waitFor(() => expect(connection.state.roundTripMs).toBeGreaterThanOrEqual(0));
  });

  it("hides its terminals while nobody sees the page", async () => {
    connection.view("a", WANT);
    connection.start();
    await vi.waitFor(() => expect(daemon.of("subscribe_terminal")).toHaveLength(1));
    Object.assign(document, { visibilityState: "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
    await vi.waitFor(() => expect(daemon.of("subscribe_terminal").at(-1)).toMatchObject({ visible: false }));
  });

  it("closes for good when stopped", async () => {
    connection.start();
    await phase("open");
    const closed = new Promise((resolve) => daemon.sockets[0]?.on("close", resolve));
    connection.stop();
    expect(await closed).toBe(1000);
    expect(connection.state.link.phase).toBe("idle");
    expect(connection.resize("a", 24, 80)).toBe(false);
  });

  it("survives a server that speaks another protocol", async () => {
    daemon.greets = false;
    connection.start();
    await vi.waitFor(() => expect(daemon.sockets).toHaveLength(1));
    daemon.send({ ...HELLO, protocol: 99 });
    await phase("refused");
  });
});
