import { expect, test } from "vitest";
import { createChatStore } from "@/store/chat";
import { createNoticeStore } from "@/store/notice";
import { SESSION, sampleMessage, sampleSaid } from "@/store/sample-task";
import type { Orchestra } from "./orchestra";
import { Talks } from "./talks";

/** A page whose daemon knows one message and whose connection is as said. */
function page(live = true) {
  const done: string[] = [];
  const chat = createChatStore();
  const notices = createNoticeStore();
  const api = {
    chat: {
      conversation: async (_session: string, before: string | null = null) => {
        done.push(`page ${before}`);
        return { entries: [sampleSaid(before === null ? 2 : 1)], before: before === null ? "2m" : null };
      },
      send: async (_session: string, text: string) => {
        done.push(`post ${text.length}`);
        return sampleMessage(9, { text });
      },
      resend: async (id: number) => {
        done.push(`resend ${id}`);
        return sampleMessage(id + 1);
      },
    },
  };
  const link = {
    userMessage: (_session: string, text: string) => {
      done.push(`say ${text}`);
      return live;
    },
  };
  const talks = new Talks({ api, chat, link, notices } as unknown as Orchestra);
  const talk = () => chat.getState().talks.get(SESSION);
  const told = () => notices.getState().notices.map(({ text }) => text);
  return { talks, chat, talk, told, done, api };
}

async function opened(live = true) {
  const made = page(live);
  await made.talks.open(SESSION);
  made.done.length = 0;
  return made;
}

test("an opened conversation has its newest page, and older ones on request", async () => {
  const { talks, talk, done } = await opened();
  await talks.loadOlder(SESSION);
  expect(talk()?.entries.map(({ text }) => text)).toEqual(["text 1", "text 2"]);
  await talks.loadOlder(SESSION);
  expect(done).toEqual(["page 2m"]);
});

test("the draft goes over the connection; nothing goes where nothing is written", async () => {
  const { talks, chat, talk, done } = await opened();
  await talks.send(SESSION);
  chat.getState().write(SESSION, "hello");
  await talks.send(SESSION);
  expect(done).toEqual(["say hello"]);
  expect(talk()).toMatchObject({ draft: "", sending: ["hello"] });
});

test("without a connection the draft stays and that is said", async () => {
  const { talks, chat, talk, told } = await opened(false);
  chat.getState().write(SESSION, "hello");
  await talks.send(SESSION);
  expect(talk()).toMatchObject({ draft: "hello", sending: [] });
  expect(told()).toEqual(["There is no connection; nothing was sent."]);
});

test("a text that is too long for one message goes over HTTP", async () => {
  const { talks, chat, talk, done } = await opened();
  chat.getState().write(SESSION, "é".repeat(40_000));
  await talks.send(SESSION);
  expect(done).toEqual(["post 40000"]);
  expect(talk()).toMatchObject({ sending: [] });
  expect(talk()?.entries).toHaveLength(2);
});

test("a refused message comes back into the composer, another refusal changes nothing", async () => {
  const { talks, chat, talk } = await opened();
  chat.getState().write(SESSION, "hello");
  await talks.send(SESSION);
  const error = { type: "error", code: "forbidden", message: "No.", session_id: SESSION, seq: null } as const;
  talks.takeRefusal({ ...error, about: "input" });
  expect(talk()?.sending).toEqual(["hello"]);
  talks.takeRefusal({ ...error, about: "user_message" });
  expect(talk()).toMatchObject({ draft: "hello", sending: [] });
});

test("after a new connection what nobody heard of is offered again, and the page is brought up to date", async () => {
  const { talks, chat, talk, told, done } = await opened();
  chat.getState().write(SESSION, "hello");
  await talks.send(SESSION);
  await talks.refresh();
  expect(done).toEqual(["say hello", "page null"]);
  expect(talk()).toMatchObject({ draft: "hello", sending: [] });
  expect(told()).toHaveLength(1);
});

test("a message that failed is sent again as a new one; a refusal of that is told", async () => {
  const { talks, talk, told, api } = await opened();
  await talks.resend(6);
  expect(talk()?.entries.map(({ text }) => text)).toContain("text 7");
  api.chat.resend = () => Promise.reject(new Error("No."));
  await talks.resend(6);
  expect(told()).toEqual(["The message was not sent again."]);
});
