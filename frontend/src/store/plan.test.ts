import { expect, test } from "vitest";
import { groupByPlan, isGivenBy } from "./plan";
import { sampleTask } from "./sample-task";
import { rowOfTask } from "./task";

test("tasks of one plan are one group, the others one each, in their order", () => {
  const rows = [null, 7, null, 7, 8].map((plan_id, place) => rowOfTask(sampleTask(place + 1, { plan_id })));
  const numbers = groupByPlan(rows).map((group) => group.rows.map(({ task_id }) => task_id));
  expect(numbers).toEqual([[1], [2, 4], [3], [5]]);
});

test("an agent is known in the key of whoever gave a task", () => {
  expect(isGivenBy({ requester: "issuer|agent-a" }, "agent-a")).toBe(true);
  expect(isGivenBy({ requester: "agent-a" }, "agent-a")).toBe(true);
  expect(isGivenBy({ requester: "issuer|local|ada" }, "agent-a")).toBe(false);
});
