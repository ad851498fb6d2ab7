/** A task, what came out of it, what its states are called and what can be done in each. */

import type { TaskState, TaskUpdate } from "@/core";
import type { Permission } from "./connection";
import type { Role } from "./state-words";

/** A task as `GET /api/tasks` tells it; field names are the wire's own. */
export interface Task {
  readonly task_id: number;
  readonly parent_id: number | null;
  readonly requester: string;
  /** Tasks of one plan share it; null: it was given by itself. */
  readonly plan_id: number | null;
  /** Whom it was given to: a profile, or an agent's id. */
  readonly to: string;
  readonly title: string;
  readonly brief: string;
  readonly state: TaskState;
  readonly reason: string;
  readonly after: readonly number[];
  readonly cwd: string;
  readonly worktree: boolean;
  readonly deadline_unix_s: number | null;
  readonly retries: number;
  readonly attempts: number;
  readonly agent_id: string | null;
  readonly created_unix_s: number;
  readonly state_since_unix_s: number;
}

export interface TaskOutcome {
  readonly is_success: boolean;
  readonly exit_code: number | null;
  readonly text: string;
  readonly error: string;
  readonly cost_usd: number | null;
  readonly artefacts: {
    /** What was changed, of a task with a worktree. */
    readonly diff?: string;
    readonly is_cut?: boolean;
  };
}

export interface FinishedTask extends Task {
  readonly result: TaskOutcome | null;
}

export interface TaskAttempt {
  readonly number: number;
  readonly agent_id: string;
  readonly began_unix_s: number;
  readonly ended_unix_s: number | null;
  readonly is_open: boolean;
  readonly outcome: TaskOutcome | null;
}

export interface TaskResult {
  readonly result: TaskOutcome | null;
  readonly attempts: readonly TaskAttempt[];
}

export interface TaskEvent {
  readonly seq: number;
  readonly unix_ms: number;
  readonly kind: string;
  readonly state?: TaskState;
  readonly reason?: string;
}

/** What the list holds of a task: no brief, which may be a megabyte. */
export type TaskRow = Pick<
  Task,
  | "task_id"
  | "parent_id"
  | "requester"
  | "plan_id"
  | "to"
  | "title"
  | "state"
  | "reason"
  | "agent_id"
  | "created_unix_s"
  | "state_since_unix_s"
>;

export function rowOfTask(task: Task): TaskRow {
  const { created_unix_s, state_since_unix_s } = task;
  return { ...named(task), to: task.to, created_unix_s, state_since_unix_s };
}

/** The row that follows from what was told; `before` is the row until then, `unixS` the daemon's clock. */
export function rowOfUpdate(update: TaskUpdate, before: TaskRow | undefined, unixS: number): TaskRow {
  return {
    ...named(update),
    to: update.agent,
    created_unix_s: before?.created_unix_s ?? unixS - update.elapsed_ms / 1000,
    state_since_unix_s: before?.state === update.state ? before.state_since_unix_s : unixS,
  };
}

/** What both tellings of a task call the same. */
function named(task: Task | TaskUpdate): Omit<TaskRow, "to" | "created_unix_s" | "state_since_unix_s"> {
  const { task_id, parent_id, requester, plan_id, title, state, reason, agent_id } = task;
  return { task_id, parent_id, requester, plan_id, title, state, reason, agent_id };
}

export interface TaskWords {
  readonly word: string;
  readonly role: Role;
  readonly meaning: string;
  /** Nothing happens any more by itself. */
  readonly final: boolean;
}

export const TASK_STATES: Readonly<Record<TaskState, TaskWords>> = {
  submitted: {
    word: "Submitted",
    role: "neutral",
    meaning: "It begins when the tasks that it comes after are completed.",
    final: false,
  },
  awaiting_approval: {
    word: "Needs approval",
    role: "attention",
    meaning: "It begins when a person approves it.",
    final: false,
  },
  queued: {
    word: "Queued",
    role: "neutral",
    meaning: "It is free to run and waits for a place.",
    final: false,
  },
  working: { word: "Running", role: "accent", meaning: "An agent works on it.", final: false },
  input_required: {
    word: "Needs input",
    role: "attention",
    meaning: "Its agent asked something and waits for a person.",
    final: false,
  },
  completed: { word: "Completed", role: "success", meaning: "It was done.", final: true },
  failed: {
    word: "Failed",
    role: "danger",
    meaning: "It could not be done. It can be tried again.",
    final: true,
  },
  cancelled: {
    word: "Cancelled",
    role: "neutral",
    meaning: "Somebody ended it. It can be tried again.",
    final: true,
  },
  timed_out: {
    word: "Timed out",
    role: "danger",
    meaning: "Its deadline passed first. It can be tried again.",
    final: true,
  },
  rejected: { word: "Rejected", role: "neutral", meaning: "A person refused it.", final: true },
};

export type TaskDeed = "cancel" | "retry" | "approve" | "reject";

const GIVEN_UP: ReadonlySet<TaskState> = new Set<TaskState>(["failed", "cancelled", "timed_out"]);

/** What this person may do with a task in a state: only what the daemon would not refuse. */
export function taskDeeds(state: TaskState, may: (permission: Permission) => boolean): ReadonlySet<TaskDeed> {
  const deeds = new Set<TaskDeed>();
  if (state === "awaiting_approval" && may("tasks:approve")) deeds.add("approve").add("reject");
  else if (!TASK_STATES[state].final && may("tasks:delegate")) deeds.add("cancel");
  if (GIVEN_UP.has(state) && may("tasks:delegate")) deeds.add("retry");
  return deeds;
}
