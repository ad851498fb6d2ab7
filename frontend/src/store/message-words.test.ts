import { expect, test } from "vitest";
import { newerMessage } from "./message-words";
import { sampleMessage } from "./sample-task";

test("a message never goes back to a state that it has left", () => {
  const early = sampleMessage(1, { state: "pasted" });
  const late = sampleMessage(1, { state: "acknowledged" });
  expect(newerMessage(early, late).state).toBe("acknowledged");
  expect(newerMessage(late, early).state).toBe("acknowledged");
});

test("a text that is known whole stays whole", () => {
  const whole = sampleMessage(1, { text: "all of it" });
  const cut = sampleMessage(1, { text: "all", is_cut: true, state: "submitted" });
  expect(newerMessage(whole, cut)).toMatchObject({ text: "all of it", is_cut: false, state: "submitted" });
  expect(newerMessage(cut, { ...cut, state: "failed" })).toMatchObject({ text: "all", is_cut: true });
});
