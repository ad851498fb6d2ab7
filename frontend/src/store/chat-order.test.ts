import { expect, test } from "vitest";
import type { Agent } from "@/core";
import { chatOrder, isShell, onlyTalker } from "./chat-order";
import { sampleAgent } from "./sample-agent";

function agent(name: string, part: Partial<Agent> = {}): Agent {
  return sampleAgent({ name, session_id: `sess-${name}`, profile: "claude", ...part });
}

const names = (agents: readonly Agent[]) => agents.map(({ name }) => name);

test("who answers comes first, then shells, tasks, and who has ended; an ended task is not offered", () => {
  const all = [
    agent("ended task", { purpose: "task", state: "exited" }),
    agent("ended", { state: "exited" }),
    agent("at a task", { purpose: "task", state: "working" }),
    agent("terminal", { profile: "shell" }),
    agent("first"),
    agent("joined", { purpose: "joined", state: "blocked" }),
  ];
  expect(names(chatOrder(all, null))).toEqual(["first", "joined", "terminal", "at a task", "ended"]);
  expect(names(chatOrder(all, "sess-ended task"))).toContain("ended task");
});

test("the only one that answers is meant; of two, or of none, nobody is", () => {
  const claude = agent("a");
  const others = [
    agent("sh", { profile: "shell" }),
    agent("t", { purpose: "task" }),
    agent("x", { state: "lost" }),
  ];
  expect(onlyTalker([...others, claude])).toBe("sess-a");
  expect(onlyTalker(others)).toBeNull();
  expect(onlyTalker([claude, agent("b"), ...others])).toBeNull();
});

test("a terminal is a shell, and a shell at a task is not talked to as one", () => {
  expect(isShell(agent("sh", { profile: "shell" }))).toBe(true);
  expect(isShell(agent("sh", { profile: "shell", purpose: "task" }))).toBe(false);
  expect(isShell(agent("c"))).toBe(false);
});
