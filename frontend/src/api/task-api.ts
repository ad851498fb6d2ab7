/** The routes of tasks. */

import type { TaskRequest } from "@/store/new-task";
import type { FinishedTask, Task, TaskEvent, TaskResult } from "@/store/task";
import type { Call } from "./client";

/** Tasks that are asked for at once. */
export const PAGE_TASKS = 100;

export interface Corrections {
  readonly title?: string;
  readonly brief?: string;
}

export class TaskApi {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /** Tasks, newest first; those just before task `before`, or the newest. */
  async list(before: number | null = null): Promise<readonly Task[]> {
    const query = new URLSearchParams({
      limit: String(PAGE_TASKS),
      ...(before === null ? {} : { before: String(before) }),
    });
    return ((await this.#call("GET", `/api/tasks?${query}`)) as { tasks: readonly Task[] }).tasks;
  }

  async show(id: number): Promise<FinishedTask> {
    return (await this.#call("GET", `/api/tasks/${id}`)) as FinishedTask;
  }

  async result(id: number): Promise<TaskResult> {
    return (await this.#call("GET", `/api/tasks/${id}/result`)) as TaskResult;
  }

  async events(id: number): Promise<readonly TaskEvent[]> {
    return ((await this.#call("GET", `/api/tasks/${id}/events`)) as { events: readonly TaskEvent[] }).events;
  }

  /** Gives a task; the same key never gives it twice. */
  async delegate(request: TaskRequest, idempotencyKey: string): Promise<Task> {
    return (await this.#call("POST", "/api/delegate", request, { idempotencyKey })) as Task;
  }

  async cancel(id: number): Promise<Task> {
    return await this.#change(id, "cancel", {});
  }

  async retry(id: number): Promise<Task> {
    return await this.#change(id, "retry");
  }

  async approve(id: number, corrections: Corrections): Promise<Task> {
    return await this.#change(id, "approve", corrections);
  }

  async reject(id: number, reason: string): Promise<Task> {
    return await this.#change(id, "reject", reason === "" ? {} : { reason });
  }

  async #change(id: number, verb: string, body?: object): Promise<Task> {
    return (await this.#call("POST", `/api/tasks/${id}/${verb}`, body)) as Task;
  }
}
