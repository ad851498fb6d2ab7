import { expect, test } from "vitest";
import { createNoticeStore, MAX_NOTICES } from "./notice";

test("no more notices stand than can be read, the oldest goes", () => {
  const store = createNoticeStore();
  for (let count = 0; count <= MAX_NOTICES; count += 1)
    store.getState().say({ tone: "info", text: `${count}` });
  expect(store.getState().notices.map(({ text }) => text)).toEqual(["1", "2", "3"]);
});

test("the same words do not pile up", () => {
  const store = createNoticeStore();
  store.getState().say({ tone: "danger", text: "No." });
  store.getState().say({ tone: "danger", text: "No." });
  expect(store.getState().notices).toHaveLength(1);
});

test("a dismissed notice is gone, the others stay", () => {
  const store = createNoticeStore();
  const first = store.getState().say({ tone: "info", text: "one" });
  store.getState().say({ tone: "info", text: "two" });
  store.getState().dismiss(first);
  expect(store.getState().notices.map(({ text }) => text)).toEqual(["two"]);
});
