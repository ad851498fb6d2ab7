import { encode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { PONG_TIMEOUT_MS } from "./heartbeat";
import { RESYNC_EVERY_MS } from "./held-screens";
import type { ClientMessage } from "./message";
import { CLOSE_ABNORMAL, CLOSE_BAD_MESSAGE, CLOSE_NO_LIFE_SIGN } from "./reconnect";
import { MAX_PASTE_CHARACTERS, type SessionEvent, ViewerSession } from "./session";

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

/** A session and the other side of its socket. */
class Talk {
  readonly session = new ViewerSession();
  nowMs = 0;

  json(message: object): this {
    this.session.receiveText(JSON.stringify(message), this.nowMs);
    return this;
  }

  envelope(tick: number, frames: unknown[], acks: Record<number, number> = {}): this {
    this.session.receiveBytes(encode([tick, acks, frames]), this.nowMs);
    return this;
  }

  /** Connected, greeted, and subscribed to "a" as pane 1 if it is viewed. */
  open(pane = 1): this {
    this.session.connected(this.nowMs);
    this.json(HELLO);
    this.json({ type: "subscribed", session_id: "a", pane, encoding: "cells", rows: 2, columns: 4 });
    return this;
  }

  sent(): readonly ClientMessage[] {
    return this.session.takeOutgoing().filter(({ type }) => type !== "ping");
  }

  types(): readonly string[] {
    return this.sent().map(({ type }) => type);
  }

  events(): readonly SessionEvent[] {
    return this.session.takeEvents();
  }
}

const keyframe = (pane = 1, seq = 1) => [
  pane,
  1,
  0,
  seq,
  [[]],
  [
    [0, 2, 4],
    [2, 0, 0, [[0, `k${seq}`]]],
  ],
];
const delta = (base: number, text: string) => [1, 1, base, base + 1, [[]], [[2, 1, 0, [[0, text]]]]];

function viewing(): Talk {
  const talk = new Talk();
  talk.session.setView(1, "a", WANT);
  talk.open();
  talk.sent();
  talk.events();
  return talk;
}

describe("ViewerSession", () => {
  it("subscribes when the server has said hello, not before", () => {
    const talk = new Talk();
    talk.session.setView(1, "a", WANT);
    talk.session.connected(0);
    talk.session.syncSubscriptions();
    expect(talk.sent()).toEqual([]);
    talk.json(HELLO);
    expect(talk.sent()).toMatchObject([{ type: "subscribe_terminal", session_id: "a", encoding: "cells" }]);
    expect(talk.events()).toEqual([{ type: "hello", hello: HELLO }]);
  });

  it("applies frames and acknowledges them when they are painted", () => {
    const talk = viewing()
      .envelope(1, [keyframe()])
      .envelope(2, [delta(1, "x")]);
    expect(talk.session.screen("a").textRows()).toEqual(["k1  ", "x   "]);
    expect(talk.events()).toMatchObject([
      { type: "screen", sessionId: "a", resized: true },
      { type: "screen", resized: false },
    ]);
    expect(talk.sent()).toEqual([]);
    talk.session.painted();
    talk.session.painted();
    expect(talk.sent()).toEqual([{ type: "ack", tick: 2 }]);
  });

  it("acknowledges at once what has nothing to paint", () => {
    const talk = viewing().envelope(1, []);
    expect(talk.sent()).toEqual([{ type: "ack", tick: 1 }]);
    talk.envelope(2, [keyframe()]).envelope(3, []);
    expect(talk.sent()).toEqual([]);
  });

  it("acknowledges at once, and hides its terminals, while nobody sees the page", () => {
    const talk = viewing();
    talk.session.setPageVisible(false);
    expect(talk.sent()).toMatchObject([{ type: "subscribe_terminal", visible: false }]);
    talk.envelope(1, [keyframe()]);
    expect(talk.sent()).toEqual([{ type: "ack", tick: 1 }]);
  });

  it("reports titles and bells", () => {
    const talk = viewing().envelope(1, [
      [
        1,
        1,
        0,
        1,
        [],
        [
          [0, 2, 4],
          [5, "vim"],
          [6, 2],
        ],
      ],
    ]);
    expect(talk.events().slice(1)).toEqual([
      { type: "title", sessionId: "a", title: "vim" },
      { type: "bell", sessionId: "a", count: 2 },
    ]);
  });

  it("asks for the screen anew when a frame does not start from what it holds, and takes only a keyframe then", () => {
    const talk = viewing().envelope(1, [keyframe()]);
    talk.nowMs = 10_000;
    talk.envelope(2, [delta(5, "lost")]);
    expect(talk.sent()).toEqual([{ type: "resync", session_id: "a", reason: "stale" }]);
    expect(talk.events().at(-1)).toMatchObject({ type: "fault", code: "screen_stale" });
    talk.envelope(3, [delta(1, "old")]);
    expect(talk.session.screen("a").textRows()).toEqual(["k1  ", "    "]);
    talk.envelope(4, [keyframe(1, 9)]).envelope(5, [delta(9, "new")]);
    expect(talk.session.screen("a").textRows()).toEqual(["k9  ", "new "]);
    expect(talk.sent()).toEqual([]);
  });

  it("does not ask faster than its limit when the faults do not end, and asks again when it may", () => {
    const wrong = (seq: number) => [
      1,
      1,
      0,
      seq,
      [],
      [
        [0, 2, 4],
        [7, 1],
      ],
    ];
    const talk = viewing();
    talk.nowMs = 10_000;
    talk.envelope(1, [wrong(1)]);
    expect(talk.sent()).toEqual([{ type: "resync", session_id: "a", reason: "checksum" }]);
    for (let tick = 2; tick < 50; tick += 1) talk.envelope(tick, [wrong(tick)]);
    expect(talk.types()).toEqual([]);
    talk.nowMs += RESYNC_EVERY_MS;
    expect(talk.session.nextTimerMs).toBeLessThanOrEqual(talk.nowMs);
    talk.session.timer(talk.nowMs);
    expect(talk.sent()).toEqual([{ type: "resync", session_id: "a", reason: "checksum" }]);
  });

  it("is right again after one wrong checksum, and says it once", () => {
    const talk = viewing().envelope(1, [keyframe()]);
    talk.nowMs = 10_000;
    talk
      .envelope(2, [
        [
          1,
          1,
          1,
          2,
          [[]],
          [
            [2, 1, 0, [[0, "bad"]]],
            [7, 1],
          ],
        ],
      ])
      .envelope(3, [delta(2, "worse")]);
    expect(talk.sent()).toEqual([{ type: "resync", session_id: "a", reason: "checksum" }]);
    talk.envelope(4, [keyframe(1, 9)]).envelope(5, [delta(9, "good")]);
    expect(talk.session.screen("a").textRows()).toEqual(["k9  ", "good"]);
    expect(talk.sent()).toEqual([]);
  });

  it("says that a frame does not fit its screen, and nothing about terminals that it no longer watches", () => {
    const talk = viewing().envelope(1, [keyframe()]);
    talk.nowMs = 10_000;
    talk.envelope(2, [[1, 1, 1, 2, [[]], [[2, 7, 0, [[0, "x"]]]]]]);
    expect(talk.sent()).toEqual([{ type: "resync", session_id: "a", reason: "bounds" }]);
    talk.envelope(3, [
      [
        1,
        1,
        0,
        3,
        [],
        [
          [0, 2, 4],
          [7, 1],
        ],
      ],
    ]);
    talk.session.setView(1, "a", null);
    talk.session.syncSubscriptions();
    expect(talk.types()).toEqual(["unsubscribe_terminal"]);
    talk.session.timer(talk.nowMs + RESYNC_EVERY_MS);
    expect(talk.types()).toEqual([]);
  });

  it("gives up a connection whose bytes it cannot read, and one of another protocol", () => {
    const talk = viewing();
    talk.session.receiveBytes(new Uint8Array([0xc1]), 0);
    expect(talk.session.closing).toBe(CLOSE_ABNORMAL);
    const other = new Talk();
    other.session.connected(0);
    other.json({ ...HELLO, protocol: 2 });
    expect(other.session.closing).toBe(CLOSE_BAD_MESSAGE);
    expect(other.session.isReady).toBe(false);
  });

  it("survives a text message that it does not understand", () => {
    const talk = viewing().json({ type: "news" });
    expect(talk.events()).toMatchObject([{ type: "fault", code: "unknown_type" }]);
    expect(talk.session.closing).toBeNull();
  });

  it("keeps its screens over a lost connection, and ends on the true one", () => {
    const talk = viewing().envelope(1, [keyframe()]);
    const screen = talk.session.screen("a");
    talk.session.disconnected();
    expect(screen.textRows()[0]).toBe("k1  ");
    talk.open(7);
    expect(talk.sent()).toMatchObject([{ type: "subscribe_terminal", session_id: "a" }]);
    talk.envelope(1, [delta(1, "old")]).envelope(2, [keyframe(7, 4)]);
    expect(talk.session.screen("a")).toBe(screen);
    expect(screen.textRows()).toEqual(["k4  ", "    "]);
    talk.session.painted();
    expect(talk.sent()).toEqual([{ type: "ack", tick: 2 }]);
  });

  it("numbers input, and learns from the envelope what was written", () => {
    const talk = viewing();
    talk.session.input("a", "keys", "l", 1);
    talk.session.input("a", "paste", "two\nlines", 2);
    talk.session.input("a", "bytes", "\x00\xff", 3);
    expect(talk.sent()).toEqual([
      { type: "input", session_id: "a", seq: 1, data: "l" },
      { type: "paste", session_id: "a", seq: 2, text: "two\nlines" },
      { type: "input", session_id: "a", seq: 3, data_base64: "AP8=" },
    ]);
    expect(talk.session.inFlightInput("a")).toEqual({ count: 3, sinceMs: 1 });
    talk.envelope(1, [], { 1: 2 }).json({ type: "input_ack", session_id: "a", seq: 3 });
    expect(talk.session.inFlightInput("a").count).toBe(0);
    talk.session.disconnected();
    expect(talk.session.unsentInput("a")).toEqual([]);
  });

  it("never sends lost input again by itself, only when a person says so", () => {
    const talk = viewing();
    talk.session.input("a", "keys", "rm", 1);
    talk.sent();
    talk.session.disconnected();
    talk.session.input("a", "keys", "!", 2);
    expect(talk.session.unsentInput("a")).toMatchObject([
      { text: "rm", reason: "unacknowledged" },
      { text: "!", reason: "not_sent" },
    ]);
    talk.open();
    expect(talk.types()).toEqual(["subscribe_terminal"]);
    talk.session.sendUnsent("a", 3);
    expect(talk.sent()).toMatchObject([
      { type: "input", seq: 1, data: "rm" },
      { type: "input", seq: 2, data: "!" },
    ]);
    expect(talk.session.unsentInput("a")).toEqual([]);
  });

  it("shows refused input as unsent, and lets it be discarded", () => {
    const talk = viewing();
    talk.session.input("a", "keys", "x", 1);
    talk.json({ type: "error", code: "forbidden", message: "No.", about: "input", session_id: "a", seq: 1 });
    expect(talk.session.unsentInput("a")).toMatchObject([{ text: "x", reason: "refused" }]);
    expect(talk.events().at(-1)).toMatchObject({ type: "refused", error: { code: "forbidden" } });
    talk.session.discardUnsent("a");
    expect(talk.session.unsentInput("a")).toEqual([]);
  });

  it("cuts long input, and refuses a paste past its limit without sending a part", () => {
    const talk = viewing();
    talk.session.input("a", "paste", "x".repeat(100_000), 1);
    expect(talk.types()).toEqual(["paste", "paste"]);
    talk.events();
    talk.session.input("a", "paste", "x".repeat(MAX_PASTE_CHARACTERS + 1), 1);
    expect(talk.types()).toEqual([]);
    expect(talk.events()).toMatchObject([{ type: "fault", code: "paste_too_big" }]);
  });

  it("measures the round trip, and calls silence death", () => {
    const talk = viewing();
    talk.session.timer(0);
    const ping = talk.session.takeOutgoing().find(({ type }) => type === "ping");
    expect(ping).toEqual({ type: "ping", id: 1 });
    talk.nowMs = 30;
    talk.json({ type: "pong", id: 1, server_unix_ms: 5 });
    expect(talk.events()).toEqual([{ type: "round_trip", roundTripMs: 30 }]);
    talk.session.timer(talk.session.nextTimerMs);
    talk.session.timer(talk.session.nextTimerMs + PONG_TIMEOUT_MS);
    expect(talk.session.closing).toBe(CLOSE_NO_LIFE_SIGN);
  });

  it("forgets a removed agent's terminal", () => {
    const talk = viewing().envelope(1, [keyframe()]);
    talk.events();
    talk.json({ type: "agent_removed", id: "agent-a", session_id: "a" });
    expect(talk.events()).toEqual([{ type: "agent_removed", id: "agent-a", sessionId: "a" }]);
    expect(talk.session.screen("a").rows).toBe(0);
    talk.session.syncSubscriptions();
    expect(talk.types()).toEqual([]);
  });

  it("does without a connection what needs none", () => {
    const talk = new Talk();
    expect(talk.session.send({ type: "resize", session_id: "a", rows: 2, columns: 2 })).toBe(false);
    talk.session.painted();
    talk.session.timer(5);
    talk.session.doubt(5);
    expect(talk.session.takeOutgoing()).toEqual([]);
    expect(talk.session.nextTimerMs).toBe(Number.POSITIVE_INFINITY);
  });
});
