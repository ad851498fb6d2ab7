import { expect, test } from "vitest";
import { PAGE_TASKS } from "@/api/task-api";
import { createConnectionStore } from "@/store/connection";
import { sampleHello, sampleTask, sampleUpdate } from "@/store/sample-task";
import type { Task } from "@/store/task";
import { createTasksStore } from "@/store/tasks";
import type { Orchestra } from "./orchestra";
import { TaskList } from "./task-list";

type Answer = (tasks: readonly Task[]) => void;

/** A page of a person with these permissions; the test answers its questions. */
function page(...permissions: string[]) {
  const asked: (number | null)[] = [];
  const answers: { resolve: Answer; reject: (error: Error) => void }[] = [];
  const connection = createConnectionStore();
  connection.getState().greet(sampleHello(...permissions), 0);
  const tasks = createTasksStore();
  const list = (before: number | null = null) => {
    asked.push(before);
    return new Promise<readonly Task[]>((resolve, reject) => answers.push({ resolve, reject }));
  };
  const parts = { api: { tasks: { list } }, connection, tasks, serverUnixS: () => 2000 };
  const taskList = new TaskList(parts as unknown as Orchestra);
  const states = () => tasks.getState().tasks.map(({ task_id, state }) => `${task_id} ${state}`);
  return { taskList, tasks, asked, answers, states };
}

test("who may not see tasks does not ask for them", async () => {
  const { taskList, asked } = page("sessions:read");
  await taskList.load();
  expect(asked).toEqual([]);
});

test("what was told while the list was under way counts after it", async () => {
  const { taskList, answers, states } = page("tasks:read");
  const loaded = taskList.load();
  taskList.take(sampleUpdate(2, { state: "completed" }));
  answers[0]?.resolve([sampleTask(2, { state: "working" }), sampleTask(1)]);
  await loaded;
  expect(states()).toEqual(["2 completed", "1 queued"]);
});

test("an answer to an older question is passed over", async () => {
  const { taskList, answers, states } = page("tasks:read");
  const first = taskList.load();
  const second = taskList.load();
  answers[1]?.resolve([sampleTask(5)]);
  await second;
  answers[0]?.resolve([sampleTask(1)]);
  await first;
  expect(states()).toEqual(["5 queued"]);
});

test("after a full page one may go on where it ended, whatever was told since", async () => {
  const { taskList, answers, asked, tasks } = page("tasks:read");
  const loaded = taskList.load();
  answers[0]?.resolve(Array.from({ length: PAGE_TASKS }, (_, place) => sampleTask(500 - place)));
  await loaded;
  taskList.take(sampleUpdate(3));
  const older = taskList.loadOlder();
  answers[1]?.resolve([sampleTask(400)]);
  await older;
  expect(asked).toEqual([null, 401]);
  expect(tasks.getState().olderBefore).toBeNull();
  await taskList.loadOlder();
  expect(asked).toHaveLength(2);
});

test("a list that does not come says why", async () => {
  const { taskList, answers, tasks } = page("tasks:read");
  const loaded = taskList.load();
  answers[0]?.reject(new Error("No."));
  await loaded;
  expect(tasks.getState()).toMatchObject({ problem: "No.", known: false });
});
