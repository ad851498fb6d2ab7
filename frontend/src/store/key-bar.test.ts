import { expect, test } from "vitest";
import { BAR_KEYS, withControl } from "./key-bar";

test.each([
  ["c", "\x03"],
  ["C", "\x03"],
  ["[", "\x1b"],
  ["\\", "\x1c"],
  ["@", "\0"],
  [" ", "\0"],
  ["?", "\x7f"],
])("Ctrl and %j is the control character", (text, control) => {
  expect(withControl(text)).toBe(control);
});

test.each(["1", "é", "ab", "\x1b[A", ""])("%j has no control form and stays", (text) => {
  expect(withControl(text)).toBe(text);
});

test("every key says its name to a screen reader", () => {
  for (const key of BAR_KEYS) expect(key.spoken.length).toBeGreaterThan(2);
});
