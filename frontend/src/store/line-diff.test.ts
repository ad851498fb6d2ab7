import { expect, test } from "vitest";
import { lineDiff, MAX_PAIRS } from "./line-diff";

function words(before: string, after: string): string {
  return lineDiff(before, after)
    .map(({ mark, text }) => mark + text)
    .join("\n");
}

test("what goes stands before what comes, and a few lines around it stay", () => {
  const lines = ["1", "2", "3", "4", "5", "old", "7", "8", "9", "10"].join("\n");
  expect(words(lines, lines.replace("old", "new\nnewer"))).toBe(" 3\n 4\n 5\n-old\n+new\n+newer\n 7\n 8\n 9");
});

test("a line that stays in the middle of a change is not told as gone and come", () => {
  expect(words("def a():\n  check\n  end", "def a(b):\n  check\n  more\n  end")).toBe(
    "-def a():\n+def a(b):\n   check\n+  more\n   end",
  );
});

test("a line that is said twice is not kept twice", () => {
  expect(words("x", "x\nx")).toBe(" x\n+x");
});

test("nothing changed, nothing shown; a whole text comes or goes", () => {
  expect(words("a\nb", "a\nb")).toBe("");
  expect(words("", "a\nb\n")).toBe("+a\n+b");
  expect(words("a\n", "")).toBe("-a");
});

test("a change that is too long to compare is told whole", () => {
  const size = Math.ceil(Math.sqrt(MAX_PAIRS)) + 1;
  const before = Array.from({ length: size }, (_, line) => `b${line}`);
  const after = Array.from({ length: size }, (_, line) => `a${line}`);
  before[5] = "same";
  after[9] = "same";
  const told = lineDiff(before.join("\n"), after.join("\n"));
  expect(told).toHaveLength(2 * size);
});
