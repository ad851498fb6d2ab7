import { expect, test } from "vitest";
import { createChatStore, type Talk } from "./chat";
import { SESSION, sampleMessage, sampleReply, sampleSaid } from "./sample-task";

/** A store in which one conversation is open, and how to look at it. */
function chat() {
  const store = createChatStore();
  store.getState().open(SESSION);
  return { ...store.getState(), talk: () => store.getState().talks.get(SESSION) as Talk, store };
}

const texts = (talk: Talk) => talk.entries.map(({ text }) => text);

test("only conversations that were opened are kept", () => {
  const store = createChatStore();
  store.getState().takeMessage(sampleMessage(1));
  store.getState().takeReply(sampleReply("hi"));
  expect(store.getState().talks.size).toBe(0);
});

test("a message moves in its place, replies come between by their time", () => {
  const { takeMessage, takeReply, talk } = chat();
  takeMessage(sampleMessage(1));
  takeMessage(sampleMessage(9));
  takeReply(sampleReply("in between", { timestamp: 5000 }));
  takeMessage(sampleMessage(1, { state: "acknowledged" }));
  takeMessage(sampleMessage(1, { state: "pasted" }));
  expect(texts(talk())).toEqual(["text 1", "in between", "text 9"]);
  expect(talk().entries[0]).toMatchObject({ kind: "message", state: "acknowledged" });
});

test("a page from the history holds nothing twice that was told live", () => {
  const { takeMessage, takeReply, takeNewest, talk } = chat();
  takeMessage(sampleMessage(2, { state: "submitted" }));
  takeReply(sampleReply("Done.", { timestamp: 5000 }));
  const reply = {
    kind: "reply",
    session_id: SESSION,
    text: "Done.",
    actions: [],
    message_id: null,
    unix_ms: 5000,
  } as const;
  takeNewest(SESSION, [sampleSaid(1), sampleSaid(2), reply], "1m");
  expect(texts(talk())).toEqual(["text 1", "text 2", "Done."]);
  expect(talk().entries[1]).toMatchObject({ state: "submitted" });
  expect(talk()).toMatchObject({ known: true, before: "1m" });
});

test("older pages come before, and a newer look does not forget how far back one has read", () => {
  const { takeNewest, takeOlder, talk } = chat();
  takeNewest(SESSION, [sampleSaid(5)], "5m");
  takeOlder(SESSION, [sampleSaid(3), sampleSaid(4)], null);
  takeNewest(SESSION, [sampleSaid(5), sampleSaid(6)], "5m");
  expect(texts(talk())).toEqual(["text 3", "text 4", "text 5", "text 6"]);
  expect(talk().before).toBeNull();
});

test("what was sent is under way until the daemon tells of a new message", () => {
  const { write, send, takeMessage, talk } = chat();
  write(SESSION, "hello");
  send(SESSION);
  expect(talk()).toMatchObject({ draft: "", sending: ["hello"] });
  takeMessage(sampleMessage(1));
  expect(talk().sending).toEqual([]);
  write(SESSION, "again");
  send(SESSION);
  takeMessage(sampleMessage(1, { state: "submitted" }));
  expect(talk().sending).toEqual(["again"]);
});

test("what was not sent comes back before what was written since", () => {
  const { write, send, takeBack, talk } = chat();
  write(SESSION, "first");
  send(SESSION);
  write(SESSION, "second");
  takeBack(SESSION);
  expect(talk()).toMatchObject({ draft: "first\nsecond", sending: [] });
});

test("a conversation of an agent that is gone is forgotten", () => {
  const { forget, store } = chat();
  forget(SESSION);
  expect(store.getState().talks.size).toBe(0);
});
