import { expect, test } from "vitest";
import { sampleApproval } from "./sample-approval";
import { sampleSaid, sampleTask } from "./sample-task";
import { rowOfTask } from "./task";
import { type Happened, timeline } from "./timeline";

function row(id: number, createdUnixS: number) {
  return rowOfTask(sampleTask(id, { created_unix_s: createdUnixS }));
}

function words(happened: Partial<Happened>) {
  const all = { said: [], tasks: [], decided: [], hasOlder: false, ...happened };
  return timeline(all).map((item) => {
    return item.kind === "tasks" ? item.rows.map(({ task_id }) => task_id).join(" ") : item.key;
  });
}

test("everything stands where it happened, and tasks that follow each other stand together", () => {
  const said = [sampleSaid(1), sampleSaid(4)];
  const tasks = [row(9, 5), row(8, 2.5), row(7, 2)];
  const decided = [sampleApproval(1, { state: "answered", decided_unix_ms: 3000 })];
  expect(words({ said, tasks, decided })).toEqual(["message 1", "7 8", "apr_1", "message 4", "9"]);
});

test("what happened before the page of the conversation that is here waits for that page", () => {
  const said = [sampleSaid(4)];
  expect(words({ said, tasks: [row(1, 2)], hasOlder: true })).toEqual(["message 4"]);
  expect(words({ said, tasks: [row(1, 2)] })).toEqual(["1", "message 4"]);
});
