import { encode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { CLOSE_ABNORMAL } from "./reconnect";
import { ViewerSession } from "./session";

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
const LAST_OF_SLOT_0 = 0x10;
const BEGINS_PANE_1 = [0x50, 1];

/** A sequence of values as deflate that is not compressed: one stored block, and the head of the flush's empty one. */
function stored(...values: unknown[]): number[] {
  const data = values.flatMap((value) => [...encode(value)]);
  return [0, data.length, 0, data.length ^ 0xff, 0xff, ...data, 0];
}

/** A session that asked for packed frames, subscribed to "a" as pane 1. */
function viewing(): ViewerSession {
  const session = new ViewerSession("packed");
  session.setView(1, "a", WANT);
  connect(session);
  return session;
}

function connect(session: ViewerSession): void {
  session.connected(0);
  session.receiveText(JSON.stringify(HELLO), 0);
  expect(session.takeOutgoing()).toMatchObject([{ type: "subscribe_terminal", encoding: "packed" }]);
  const answer = { type: "subscribed", session_id: "a", pane: 1, encoding: "packed", rows: 2, columns: 4 };
  session.receiveText(JSON.stringify(answer), 0);
  expect(session.takeEvents().filter(({ type }) => type === "fault")).toEqual([]);
}

function take(session: ViewerSession, ...bytes: number[]): void {
  session.receiveBytes(Uint8Array.from(bytes), 0);
}

const KEYFRAME = [...BEGINS_PANE_1, ...stored(0, 1, 7, 0, 2, 4, 2, 0, 0, "key")];

describe("ViewerSession of packed frames", () => {
  it("applies them one on the other, and counts each message as a tick", () => {
    const session = viewing();
    take(session, ...KEYFRAME);
    take(session, LAST_OF_SLOT_0, ...stored(1, 2, 1, 0, "one"));
    expect(session.screen("a").textRows()).toEqual(["key ", "one "]);
    expect(session.screen("a").seq).toBe(8);
    session.painted();
    expect(session.takeOutgoing()).toEqual([{ type: "ack", tick: 2 }]);
    session.receiveBytes(encode([3, {}, [[1, 1, 8, 12, [[]], [[2, 1, 0, [[0, "env"]]]]]]]), 0);
    take(session, LAST_OF_SLOT_0, ...stored(3, 2, 0, 0, "KEY"));
    expect(session.screen("a").textRows()).toEqual(["KEY ", "env "]);
    expect(session.screen("a").seq).toBe(15);
    session.painted();
    expect(session.takeOutgoing()).toEqual([{ type: "ack", tick: 4 }]);
    expect(session.takeEvents().filter(({ type }) => type === "fault")).toEqual([]);
  });

  it("learns from them what was written", () => {
    const session = viewing();
    take(session, ...KEYFRAME);
    session.input("a", "keys", "x", 0);
    expect(session.inFlightInput("a").count).toBe(1);
    take(session, LAST_OF_SLOT_0 | 0x20, 1, ...stored(1, 2, 1, 0, "x"));
    expect(session.inFlightInput("a").count).toBe(0);
  });

  it("leaves out what builds on nothing that it holds, and stays in step with the stream", () => {
    const session = viewing();
    take(session, ...BEGINS_PANE_1, ...stored(1, 2, 1, 0, "no"));
    expect(session.screen("a").rows).toBe(0);
    take(session, LAST_OF_SLOT_0, ...stored(0, 1, 7, 0, 2, 4, 2, 0, 0, "key"));
    expect(session.screen("a").textRows()).toEqual(["key ", "    "]);
    expect(session.closing).toBeNull();
  });

  it("gives up a connection whose stream it cannot read, and begins the next one with none", () => {
    const session = viewing();
    take(session, ...KEYFRAME);
    expect(session.closing).toBeNull();
    take(session, LAST_OF_SLOT_0, 0xff, 0xff);
    expect(session.closing).toBe(CLOSE_ABNORMAL);
    expect(session.takeEvents()).toContainEqual(
      expect.objectContaining({ type: "fault", code: "bad_packing" }),
    );
    session.disconnected();
    connect(session);
    take(session, LAST_OF_SLOT_0, ...stored(1, 2, 1, 0, "old"));
    expect(session.closing).toBe(CLOSE_ABNORMAL);
  });

  it("gives up a connection whose frames it cannot read", () => {
    const session = viewing();
    take(session, ...KEYFRAME);
    expect(session.closing).toBeNull();
    take(session, LAST_OF_SLOT_0, ...stored(1, 99));
    expect(session.closing).toBe(CLOSE_ABNORMAL);
  });
});
