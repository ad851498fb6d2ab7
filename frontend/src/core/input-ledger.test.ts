import { describe, expect, it } from "vitest";
import { InputLedger, MAX_UNSENT_CHARACTERS } from "./input-ledger";

describe("InputLedger", () => {
  it("numbers from one, for each terminal by itself, and anew on each connection", () => {
    const ledger = new InputLedger();
    expect([ledger.send("a", "keys", "x", 0), ledger.send("a", "paste", "y", 0)]).toEqual([1, 2]);
    expect(ledger.send("b", "keys", "x", 0)).toBe(1);
    ledger.disconnect();
    expect(ledger.send("a", "keys", "z", 0)).toBe(1);
  });

  it("knows what is under way and since when", () => {
    const ledger = new InputLedger();
    ledger.send("a", "keys", "x", 10);
    ledger.send("a", "keys", "y", 20);
    expect(ledger.inFlight("a")).toEqual({ count: 2, sinceMs: 10 });
    expect(ledger.acknowledge("a", 1)).toBe(true);
    expect(ledger.inFlight("a")).toEqual({ count: 1, sinceMs: 20 });
    expect(ledger.acknowledge("a", 1)).toBe(false);
    ledger.acknowledge("a", 2);
    expect(ledger.inFlight("a")).toEqual({ count: 0, sinceMs: null });
  });

  it("keeps as unsent exactly what was not acknowledged when the connection ended", () => {
    const ledger = new InputLedger();
    for (const key of "abcd") ledger.send("a", "keys", key, 5);
    ledger.acknowledge("a", 2);
    expect(ledger.disconnect()).toEqual(["a"]);
    expect(ledger.unsent("a")).toEqual([{ kind: "keys", text: "cd", atMs: 5, reason: "unacknowledged" }]);
    expect(ledger.disconnect()).toEqual([]);
  });

  it("keeps pastes and reasons apart, and gives all of it up once", () => {
    const ledger = new InputLedger();
    ledger.keep("a", "keys", "l", 1);
    ledger.keep("a", "keys", "s", 2);
    ledger.keep("a", "paste", "p", 3);
    ledger.keep("a", "paste", "q", 4);
    expect(ledger.unsent("a").map(({ text }) => text)).toEqual(["ls", "p", "q"]);
    expect(ledger.takeUnsent("a")).toHaveLength(3);
    expect(ledger.unsent("a")).toEqual([]);
  });

  it("takes back the one input that the server refuses, or all under way when it does not say which", () => {
    const ledger = new InputLedger();
    for (const key of "xyz") ledger.send("a", "keys", key, 1);
    expect(ledger.refuse("a", 2)).toBe(true);
    expect(ledger.unsent("a")).toMatchObject([{ text: "y", reason: "refused" }]);
    expect(ledger.refuse("a", 2)).toBe(false);
    expect(ledger.refuse("a", null)).toBe(true);
    expect(ledger.unsent("a")).toMatchObject([{ text: "yxz" }]);
    expect(ledger.refuse("nobody", null)).toBe(false);
  });

  it("keeps no more than its limit", () => {
    const ledger = new InputLedger();
    ledger.keep("a", "paste", "x".repeat(MAX_UNSENT_CHARACTERS), 1);
    ledger.keep("a", "paste", "y", 2);
    expect(ledger.unsent("a")).toHaveLength(1);
  });

  it("does not keep reports of focus and mouse, which no person typed", () => {
    const ledger = new InputLedger();
    ledger.keep("a", "keys", "\x1b[I", 1);
    ledger.keep("a", "keys", "\x1b[<0;3;4M\x1b[<0;3;4m", 1);
    ledger.keep("a", "bytes", "\x1b[M !!", 1);
    ledger.keep("a", "keys", "\x1b[A", 1);
    expect(ledger.unsent("a").map(({ text }) => text)).toEqual(["\x1b[A"]);
  });
});
