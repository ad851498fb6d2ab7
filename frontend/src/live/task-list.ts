/** Keeps the tasks of the page as the daemon has them: a list when it connects, updates since. */

import { asProblem } from "@/api/problem";
import { PAGE_TASKS } from "@/api/task-api";
import type { TaskUpdate } from "@/core";
import { mayI } from "@/store/connection";
import { rowOfTask, type Task } from "@/store/task";
import type { Orchestra } from "./orchestra";

type Around = Pick<Orchestra, "api" | "connection" | "tasks" | "serverUnixS">;

/** Mutable; owned by the page. Sole writer of the task store's list. */
export class TaskList {
  readonly #orchestra: Around;
  /** Told while a list is under way, which may be older than they are. */
  #told: TaskUpdate[] | null = null;

  constructor(orchestra: Around) {
    this.#orchestra = orchestra;
  }

  /** Asks for the newest tasks; what was told meanwhile counts after them. */
  async load(): Promise<void> {
    const { api, connection, tasks } = this.#orchestra;
    if (!mayI(connection.getState(), "tasks:read")) return;
    const told: TaskUpdate[] = [];
    this.#told = told;
    try {
      const list = await api.tasks.list();
      if (this.#told !== told) return;
      tasks.getState().replaceAll(list.map(rowOfTask), olderBefore(list));
      for (const update of told) this.#put(update);
    } catch (error) {
      if (this.#told === told) tasks.getState().fail(asProblem(error).message);
    } finally {
      if (this.#told === told) this.#told = null;
    }
  }

  async loadOlder(): Promise<void> {
    const { api, tasks } = this.#orchestra;
    const before = tasks.getState().olderBefore;
    if (before === null) return;
    try {
      const list = await api.tasks.list(before);
      tasks.getState().addOlder(list.map(rowOfTask), olderBefore(list));
    } catch (error) {
      tasks.getState().fail(asProblem(error).message);
    }
  }

  take(update: TaskUpdate): void {
    this.#told?.push(update);
    this.#put(update);
  }

  #put(update: TaskUpdate): void {
    this.#orchestra.tasks.getState().update(update, this.#orchestra.serverUnixS());
  }
}

/** Where the next page begins: a page that is not full was the last. */
function olderBefore(page: readonly Task[]): number | null {
  return page.length === PAGE_TASKS ? (page.at(-1)?.task_id ?? null) : null;
}
