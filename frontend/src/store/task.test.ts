import { expect, test } from "vitest";
import type { TaskState } from "@/core";
import type { Permission } from "./connection";
import { sampleTask, sampleUpdate } from "./sample-task";
import { rowOfTask, rowOfUpdate, TASK_STATES, taskDeeds } from "./task";

const everything = () => true;
const only = (permission: Permission) => (asked: Permission) => asked === permission;

test("a row holds no brief", () => {
  expect(rowOfTask(sampleTask(1))).not.toHaveProperty("brief");
});

test("an update of an unknown task says since when it is there", () => {
  const row = rowOfUpdate(sampleUpdate(7, { elapsed_ms: 45_000 }), undefined, 2000);
  expect(row).toMatchObject({ task_id: 7, to: "shell", state: "working", created_unix_s: 1955 });
  expect(row.state_since_unix_s).toBe(2000);
});

test("an update keeps when a task was given, and since when it is in a state that it stays in", () => {
  const before = rowOfTask(sampleTask(7, { state: "working", created_unix_s: 900, state_since_unix_s: 950 }));
  const same = rowOfUpdate(sampleUpdate(7), before, 2000);
  expect(same).toMatchObject({ created_unix_s: 900, state_since_unix_s: 950 });
  const moved = rowOfUpdate(sampleUpdate(7, { state: "failed", reason: "exit code 3" }), before, 2000);
  expect(moved).toMatchObject({ created_unix_s: 900, state_since_unix_s: 2000, reason: "exit code 3" });
});

test.each([
  ["submitted", ["cancel"]],
  ["awaiting_approval", ["approve", "reject"]],
  ["queued", ["cancel"]],
  ["working", ["cancel"]],
  ["input_required", ["cancel"]],
  ["completed", []],
  ["failed", ["retry"]],
  ["cancelled", ["retry"]],
  ["timed_out", ["retry"]],
  ["rejected", []],
] as const)("what can be done with a task that is %s: %j", (state, deeds) => {
  expect([...taskDeeds(state, everything)].sort()).toEqual(deeds);
});

test("what the daemon would refuse is not offered", () => {
  for (const state of Object.keys(TASK_STATES) as TaskState[]) {
    expect(taskDeeds(state, () => false).size).toBe(0);
    expect(taskDeeds(state, only("tasks:read")).size).toBe(0);
  }
  expect([...taskDeeds("awaiting_approval", only("tasks:delegate"))]).toEqual(["cancel"]);
  expect([...taskDeeds("awaiting_approval", only("tasks:approve"))]).toEqual(["approve", "reject"]);
});
