import { expect, test } from "vitest";
import type { Hello, LinkState } from "@/core";
import { connectionWords, createConnectionStore, mayI } from "./connection";

const HELLO: Hello = {
  type: "hello",
  protocol: 1,
  version: "0.1.0",
  server_unix_ms: 5_000_000,
  subject: "local|root",
  permissions: ["sessions:read"],
  expires_unix_s: 9_000,
};

const STANDINGS: readonly (readonly [LinkState, string])[] = [
  [{ phase: "idle" }, "connecting"],
  [{ phase: "connecting", attempt: 0 }, "connecting"],
  [{ phase: "connecting", attempt: 3 }, "connecting"],
  [{ phase: "open", attempt: 0, sinceMs: 1 }, "open"],
  [{ phase: "waiting", attempt: 1, untilMs: 9, code: 1006 }, "connecting"],
  [{ phase: "signed_out" }, "closed"],
  [{ phase: "refused", code: 4403, reason: "" }, "closed"],
];

test.each(STANDINGS)("link %o stands as %s, with a word and a sentence", (link, standing) => {
  const words = connectionWords(link);
  expect(words.standing).toBe(standing);
  expect(words.word).not.toBe("");
  expect(words.meaning).toMatch(/\.$/);
});

test("only an open connection is called connected", () => {
  const connected = STANDINGS.filter(([link]) => connectionWords(link).word === "Connected");
  expect(connected.map(([link]) => link.phase)).toEqual(["open"]);
});

test("nothing is permitted before the daemon has said what is", () => {
  expect(mayI({ hello: null }, "sessions:read")).toBe(false);
  expect(mayI({ hello: HELLO }, "sessions:read")).toBe(true);
  expect(mayI({ hello: HELLO }, "sessions:input")).toBe(false);
});

test("ages follow the daemon's clock", () => {
  const store = createConnectionStore();
  store.getState().greet(HELLO, 4_990);
  expect(store.getState().clockAheadS).toBe(10);
});

test("an old round trip is not shown once the connection is gone", () => {
  const store = createConnectionStore();
  store.getState().setLink({ phase: "open", attempt: 0, sinceMs: 0 });
  store.getState().measure(3);
  store.getState().setLink({ phase: "waiting", attempt: 1, untilMs: 9, code: 1006 });
  expect(store.getState().roundTripMs).toBeNull();
});
