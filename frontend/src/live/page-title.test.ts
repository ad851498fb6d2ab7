import { expect, test } from "vitest";
import { createAgentsStore } from "@/store/agents";
import { createApprovalsStore } from "@/store/approvals";
import { createConnectionStore } from "@/store/connection";
import { sampleAgents } from "@/store/sample-agent";
import { sampleHello, sampleTask } from "@/store/sample-task";
import { createShellStore } from "@/store/shell";
import { rowOfTask } from "@/store/task";
import { createTasksStore } from "@/store/tasks";
import { pageTitle } from "./page-title";

function orchestra(...states: Parameters<typeof sampleAgents>) {
  const agents = createAgentsStore();
  agents.getState().replaceAll(sampleAgents(...states));
  return {
    agents,
    approvals: createApprovalsStore(),
    connection: createConnectionStore(),
    shell: createShellStore(),
    tasks: createTasksStore(),
  };
}

test("the title is the product's name while nobody needs a person", () => {
  expect(pageTitle(orchestra("idle", "working"))).toBe("Orchestra");
});

test("the title counts who needs a person, so that a tab in the back can call", () => {
  expect(pageTitle(orchestra("blocked", "idle", "failed"))).toBe("(2) Orchestra");
});

test("the title names the opened terminal", () => {
  const made = orchestra("idle");
  made.shell.getState().go({ kind: "terminal", sessionId: `sess-${"a".repeat(26)}`, from: "grid" });
  expect(pageTitle(made)).toBe("a · Orchestra");
});

test("tasks to approve are counted for those who may approve them", () => {
  const made = orchestra("blocked");
  made.tasks.getState().add(rowOfTask(sampleTask(1, { state: "awaiting_approval" })));
  expect(pageTitle(made)).toBe("(1) Orchestra");
  made.connection.getState().greet(sampleHello("tasks:approve"), 0);
  expect(pageTitle(made)).toBe("(2) Orchestra");
});
