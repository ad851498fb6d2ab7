import { expect, test } from "vitest";
import type { UnsentInput } from "@/core";
import { unsentReason, unsentText } from "./unsent-words";

function unsent(text: string, reason: UnsentInput["reason"] = "not_sent"): UnsentInput {
  return { kind: "keys", text, atMs: 0, reason };
}

test("control characters are made visible", () => {
  expect(unsentText([unsent("ls\r"), unsent("\x03\x1b\t\x7f")])).toBe("ls⏎^C␛⇥⌫");
});

test("a long text is shortened", () => {
  expect(unsentText([unsent("x".repeat(500))])).toBe(`${"x".repeat(60)}…`);
});

test("what may have arrived is said before what certainly did not", () => {
  expect(unsentReason([unsent("a"), unsent("b", "unacknowledged")])).toMatch(/may not have arrived/);
  expect(unsentReason([unsent("a"), unsent("b", "refused")])).toMatch(/refused/);
  expect(unsentReason([unsent("a")])).toMatch(/no connection/);
});
