/** Every task that this page knows of, newest first. Written by the task list (src/live) only. */

import { createStore, type StoreApi } from "zustand/vanilla";
import type { TaskUpdate } from "@/core";
import { rowOfUpdate, TASK_STATES, type TaskRow } from "./task";

export type TaskFilter = "all" | "open" | "approval" | "completed" | "ended";

/** Older tasks than these are forgotten here; the daemon has them. */
export const MAX_TASKS = 2000;

export interface TasksState {
  /** Newest first. */
  readonly tasks: readonly TaskRow[];
  /** False until the first list came: the page cannot yet say that there are none. */
  readonly known: boolean;
  /** There may be tasks before this one that were never listed; null: there are none. */
  readonly olderBefore: number | null;
  /** Why the list did not come; null: it did, or has not been asked for. */
  readonly problem: string | null;
  readonly filter: TaskFilter;
  readonly replaceAll: (tasks: readonly TaskRow[], olderBefore: number | null) => void;
  readonly addOlder: (tasks: readonly TaskRow[], olderBefore: number | null) => void;
  /** Takes what a request answered; of a task that is here already the updates tell more, and in order. */
  readonly add: (task: TaskRow) => void;
  readonly update: (update: TaskUpdate, unixS: number) => void;
  readonly fail: (problem: string) => void;
  readonly choose: (filter: TaskFilter) => void;
}

export type TasksStore = StoreApi<TasksState>;

function placed(tasks: readonly TaskRow[], task: TaskRow): readonly TaskRow[] {
  const at = tasks.findIndex((other) => other.task_id === task.task_id);
  if (at >= 0) return tasks.with(at, task);
  return [...tasks, task].sort((a, b) => b.task_id - a.task_id).slice(0, MAX_TASKS);
}

function added(tasks: readonly TaskRow[], task: TaskRow): readonly TaskRow[] {
  return findTask(tasks, task.task_id) === undefined ? placed(tasks, task) : tasks;
}

export function createTasksStore(): TasksStore {
  return createStore<TasksState>((set) => ({
    tasks: [],
    known: false,
    olderBefore: null,
    problem: null,
    filter: "all",
    replaceAll: (tasks, olderBefore) => set({ tasks, olderBefore, known: true, problem: null }),
    addOlder: (older, olderBefore) =>
      set(({ tasks }) => ({ tasks: older.reduce(added, tasks), olderBefore, problem: null })),
    add: (task) => set(({ tasks }) => ({ tasks: added(tasks, task) })),
    update: (update, unixS) =>
      set(({ tasks }) => ({
        tasks: placed(tasks, rowOfUpdate(update, findTask(tasks, update.task_id), unixS)),
      })),
    fail: (problem) => set({ problem }),
    choose: (filter) => set({ filter }),
  }));
}

export function findTask(tasks: readonly TaskRow[], id: number): TaskRow | undefined {
  return tasks.find((task) => task.task_id === id);
}

/** The first of these that was given up, so that what comes after it is held; null: none was, as far as is known here. */
export function heldBy(tasks: readonly TaskRow[], after: readonly number[]): number | null {
  return after.find((id) => passesNumber(tasks, id, "ended")) ?? null;
}

function passesNumber(tasks: readonly TaskRow[], id: number, filter: TaskFilter): boolean {
  const task = findTask(tasks, id);
  return task !== undefined && passes(task, filter);
}

export const TASK_FILTERS: readonly { readonly filter: TaskFilter; readonly word: string }[] = [
  { filter: "all", word: "All" },
  { filter: "open", word: "Open" },
  { filter: "approval", word: "Needs approval" },
  { filter: "completed", word: "Completed" },
  { filter: "ended", word: "Given up" },
];

export function passes(task: TaskRow, filter: TaskFilter): boolean {
  switch (filter) {
    case "all":
      return true;
    case "open":
      return !TASK_STATES[task.state].final;
    case "approval":
      return task.state === "awaiting_approval";
    case "completed":
      return task.state === "completed";
    case "ended":
      return TASK_STATES[task.state].final && task.state !== "completed";
  }
}

/** Tasks that a person must decide about, who has waited longest first. */
export function awaitingApproval(tasks: readonly TaskRow[]): readonly TaskRow[] {
  return tasks.filter((task) => passes(task, "approval")).toReversed();
}
