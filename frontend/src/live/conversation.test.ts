import { expect, test } from "vitest";
import type { ConnectionState } from "@/browser";
import type {
  AgentMessage,
  Approval,
  ClaudeResponse,
  LinkState,
  ServerError,
  SessionEvent,
  TaskUpdate,
} from "@/core";
import { createAgentsStore } from "@/store/agents";
import { createChatStore } from "@/store/chat";
import { createConnectionStore } from "@/store/connection";
import { memoryStore } from "@/store/memory-store";
import { createNoticeStore } from "@/store/notice";
import { sampleAgents } from "@/store/sample-agent";
import { sampleApproval } from "@/store/sample-approval";
import { sampleHello, sampleMessage, sampleReply, sampleUpdate } from "@/store/sample-task";
import { createShellStore } from "@/store/shell";
import { createSignInStore, type Token } from "@/store/sign-in";
import { converse } from "./conversation";
import type { Orchestra } from "./orchestra";

const TOKEN: Token = { accessToken: "T", expiresUnixS: 9_000_000_000 };

/** A page whose connection is played by the test. */
function page(token: Token | null = TOKEN) {
  const done: string[] = [];
  let onState: (state: ConnectionState) => void = () => {};
  let onEvent: (event: SessionEvent) => void = () => {};
  const signIn = createSignInStore(memoryStore(), 0);
  if (token !== null) signIn.getState().signIn(token);
  const parts = {
    signIn,
    agents: createAgentsStore(),
    chat: createChatStore(),
    connection: createConnectionStore(),
    notices: createNoticeStore(),
    shell: createShellStore(),
    unixS: () => 1000,
    askedList: {
      load: () => done.push("load approvals"),
      take: (approval: Approval) => done.push(`approval ${approval.id}`),
    },
    taskList: {
      load: () => done.push("load tasks"),
      take: (update: TaskUpdate) => done.push(`task ${update.task_id}`),
    },
    talks: {
      refresh: () => done.push("refresh talks"),
      takeMessage: (message: AgentMessage) => done.push(`message ${message.id}`),
      takeReply: (reply: ClaudeResponse) => done.push(`reply ${reply.content}`),
      takeRefusal: (error: ServerError) => done.push(`refusal ${error.code}`),
    },
    signOut: (reason: "expired") => signIn.getState().signOut(reason),
    link: {
      onState: (listener: typeof onState) => {
        onState = listener;
        return () => done.push("no more states");
      },
      onEvent: (listener: typeof onEvent) => {
        onEvent = listener;
        return () => done.push("no more events");
      },
      start: () => done.push("start"),
      stop: () => done.push("stop"),
      renew: (renewed: string) => done.push(`renew ${renewed}`),
    },
  };
  const end = converse(parts as unknown as Orchestra);
  return {
    ...parts,
    done,
    end,
    tell: (event: SessionEvent) => onEvent(event),
    stand: (link: LinkState) => onState({ link, roundTripMs: null }),
  };
}

test("a page with a token connects, one without says that it is signed out", () => {
  expect(page().done).toEqual(["start"]);
  const without = page(null);
  expect(without.done).toEqual(["stop"]);
  expect(without.connection.getState().link.phase).toBe("signed_out");
});

test("signing in connects, a renewed token goes over the open connection, signing out ends it", () => {
  const made = page(null);
  made.signIn.getState().signIn(TOKEN);
  made.signIn.getState().signIn({ ...TOKEN, accessToken: "U" });
  made.signIn.getState().signOut("asked");
  expect(made.done).toEqual(["stop", "start", "renew U", "stop"]);
});

test("a connection that the daemon ended for its token signs out, and the last picture stays", () => {
  const made = page();
  made.tell({ type: "agents", agents: sampleAgents("idle") });
  made.stand({ phase: "signed_out" });
  expect(made.signIn.getState()).toMatchObject({ token: null, reason: "expired" });
  expect(made.agents.getState().agents).toHaveLength(1);
});

test("news of agents reach the store", () => {
  const made = page();
  const [a, b] = sampleAgents("idle", "working");
  if (!a || !b) throw new Error("two agents");
  made.tell({ type: "agents", agents: [a] });
  made.tell({ type: "agent_update", agent: b });
  made.tell({ type: "agent_removed", id: a.id, sessionId: a.session_id });
  expect(made.agents.getState().agents).toEqual([b]);
});

test("whoever looks at a terminal that is removed comes back to where they opened it", () => {
  const made = page();
  const [agent] = sampleAgents("exited");
  if (!agent) throw new Error("one agent");
  made.shell.getState().go({ kind: "terminal", sessionId: agent.session_id, from: "needs" });
  made.tell({ type: "agent_removed", id: agent.id, sessionId: agent.session_id });
  expect(made.shell.getState().place).toEqual({ kind: "needs" });
});

test("what the daemon refuses is told in its words", () => {
  const made = page();
  const error = {
    type: "error",
    code: "too_fast",
    message: "Slow down.",
    about: "input",
    session_id: null,
    seq: null,
  } as const;
  made.tell({ type: "refused", error });
  expect(made.notices.getState().notices.map(({ text }) => text)).toEqual(["Slow down."]);
});

test("whoever reads the conversation of an agent that is removed comes back to all of them", () => {
  const made = page();
  const [agent] = sampleAgents("exited");
  if (!agent) throw new Error("one agent");
  made.shell.getState().go({ kind: "conversation", sessionId: agent.session_id });
  made.chat.getState().open(agent.session_id);
  made.tell({ type: "agent_removed", id: agent.id, sessionId: agent.session_id });
  expect(made.shell.getState().place).toEqual({ kind: "chat" });
  expect(made.chat.getState().talks.size).toBe(0);
});

test("a greeting has tasks and conversations looked up, and news of them reach their owners", () => {
  const made = page();
  made.tell({ type: "hello", hello: sampleHello() });
  made.tell(sampleUpdate(7));
  made.tell({ type: "approval_update", approval: sampleApproval(5) });
  made.tell({ type: "message_update", message: sampleMessage(3) });
  made.tell(sampleReply("Done."));
  expect(made.done.slice(1)).toEqual([
    "load tasks",
    "load approvals",
    "refresh talks",
    "task 7",
    "approval apr_5",
    "message 3",
    "reply Done.",
  ]);
});

test("an ended conversation listens to nothing", () => {
  const made = page();
  made.end();
  expect(made.done).toEqual(["start", "no more states", "no more events", "stop"]);
});
