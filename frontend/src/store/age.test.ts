import { expect, test } from "vitest";
import { exactTime, formatAge } from "./age";

test.each([
  [-3, "now"],
  [0, "now"],
  [4.9, "now"],
  [5, "5 s"],
  [59.9, "59 s"],
  [60, "1 m"],
  [3599, "59 m"],
  [3600, "1 h"],
  [86_399, "23 h"],
  [86_400, "1 d"],
  [8 * 86_400, "8 d"],
])("an age of %d seconds reads %s", (seconds, words) => {
  expect(formatAge(seconds)).toBe(words);
});

test("the exact time has a date and seconds, in the reader's zone", () => {
  expect(exactTime(1_795_366_000, "en-GB", "UTC")).toBe("22 Nov 2026, 16:46:40");
});
