import { expect, test } from "vitest";
import type { TaskState } from "@/core";
import { sampleTask, sampleUpdate } from "./sample-task";
import { rowOfTask, TASK_STATES } from "./task";
import {
  awaitingApproval,
  createTasksStore,
  findTask,
  heldBy,
  MAX_TASKS,
  passes,
  TASK_FILTERS,
} from "./tasks";

const row = (id: number, state: TaskState = "queued") => rowOfTask(sampleTask(id, { state }));

/** A store that holds tasks 3, 2 and 1. */
function store() {
  const made = createTasksStore();
  made.getState().replaceAll([row(3), row(2), row(1)], null);
  return made;
}

const ids = (made: ReturnType<typeof store>) => made.getState().tasks.map(({ task_id }) => task_id);

test("before the first list the page does not know that there are none", () => {
  expect(createTasksStore().getState().known).toBe(false);
  expect(store().getState().known).toBe(true);
});

test("an update moves a task in its place, and a new one comes first", () => {
  const made = store();
  made.getState().update(sampleUpdate(2, { state: "completed" }), 2000);
  made.getState().update(sampleUpdate(4), 2000);
  expect(ids(made)).toEqual([4, 3, 2, 1]);
  expect(findTask(made.getState().tasks, 2)?.state).toBe("completed");
});

test("an answer that was overtaken by updates changes nothing", () => {
  const made = store();
  made.getState().update(sampleUpdate(4, { state: "working" }), 2000);
  made.getState().add(row(4, "queued"));
  expect(findTask(made.getState().tasks, 4)?.state).toBe("working");
  made.getState().add(row(5, "queued"));
  expect(ids(made)).toEqual([5, 4, 3, 2, 1]);
});

test("older tasks come behind, and none twice", () => {
  const made = createTasksStore();
  made.getState().replaceAll([row(3), row(2)], 2);
  made.getState().update(sampleUpdate(1), 2000);
  made.getState().addOlder([row(1, "failed"), row(0)], null);
  expect(ids(made)).toEqual([3, 2, 1, 0]);
  expect(made.getState().olderBefore).toBeNull();
});

test("the page holds so many tasks at most, the newest", () => {
  const made = createTasksStore();
  for (let id = 1; id <= MAX_TASKS + 5; id += 1) made.getState().add(row(id));
  expect(ids(made)).toHaveLength(MAX_TASKS);
  expect(ids(made).at(-1)).toBe(6);
});

test("every state is shown by all, and by exactly one of open, completed and given up", () => {
  for (const state of Object.keys(TASK_STATES) as TaskState[]) {
    const filters = TASK_FILTERS.map(({ filter }) => filter).filter((filter) =>
      passes(row(1, state), filter),
    );
    expect(filters).toContain("all");
    expect(filters.filter((filter) => ["open", "completed", "ended"].includes(filter))).toHaveLength(1);
  }
});

test("who waits for approval longest comes first", () => {
  const tasks = [row(3, "awaiting_approval"), row(2), row(1, "awaiting_approval")];
  expect(awaitingApproval(tasks).map(({ task_id }) => task_id)).toEqual([1, 3]);
});

test("a list that came takes the problem away", () => {
  const made = createTasksStore();
  made.getState().fail("No.");
  expect(made.getState()).toMatchObject({ problem: "No.", known: false });
  made.getState().replaceAll([], null);
  expect(made.getState()).toMatchObject({ problem: null, known: true });
});

test("a task is held by the first that it comes after and that was given up", () => {
  const tasks = [row(1, "completed"), row(2, "failed"), row(3, "working")];
  expect(heldBy(tasks, [1, 3, 2])).toBe(2);
  expect(heldBy(tasks, [1, 3, 9])).toBeNull();
});
