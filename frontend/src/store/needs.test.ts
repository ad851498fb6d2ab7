import { expect, test } from "vitest";
import { countDecisions, countNeeds } from "./needs";
import { sampleAgents } from "./sample-agent";
import { sampleApproval } from "./sample-approval";
import { sampleTask } from "./sample-task";
import { rowOfTask } from "./task";

const TASKS = [rowOfTask(sampleTask(1, { state: "awaiting_approval" })), rowOfTask(sampleTask(2))];

test("an agent that is blocked by what it asks counts once, what it asks each", () => {
  const agents = sampleAgents("blocked", "blocked");
  const asks = { agent_id: agents[0]?.id ?? "" };
  const approvals = [sampleApproval(1, asks), sampleApproval(2, asks)];
  const situation = { roster: { agents, stoppedHere: new Set<string>() }, tasks: TASKS, approvals };
  expect(countNeeds({ ...situation, mayDecide: true })).toBe(4);
  expect(countDecisions({ ...situation, mayDecide: true })).toBe(3);
});

test("who may not decide is not called for a decision", () => {
  const agents = sampleAgents("blocked", "idle");
  const approvals = [sampleApproval(1, { agent_id: agents[0]?.id ?? "" })];
  const roster = { agents, stoppedHere: new Set<string>() };
  expect(countNeeds({ roster, tasks: TASKS, approvals, mayDecide: false })).toBe(1);
});
