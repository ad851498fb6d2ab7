import { expect, test } from "vitest";
import { createAgentsStore } from "@/store/agents";
import { sampleAgents } from "@/store/sample-agent";
import { createShellStore } from "@/store/shell";
import { pageTitle } from "./page-title";

function orchestra(...states: Parameters<typeof sampleAgents>) {
  const agents = createAgentsStore();
  agents.getState().replaceAll(sampleAgents(...states));
  return { agents, shell: createShellStore() };
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
