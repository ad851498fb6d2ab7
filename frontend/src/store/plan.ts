/** Tasks that a person decides about together: those of one plan. */

import type { TaskRow } from "./task";

export interface TaskGroup {
  /** Of the plan, or of the task that was given by itself. */
  readonly key: string;
  readonly requester: string;
  readonly rows: readonly TaskRow[];
}

/** Rows in groups, each where its first row stands. */
export function groupByPlan(rows: readonly TaskRow[]): readonly TaskGroup[] {
  const groups = new Map<string, TaskRow[]>();
  for (const row of rows) {
    const key = row.plan_id === null ? `task ${row.task_id}` : `plan ${row.plan_id}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups].map(([key, members]) => ({
    key,
    requester: members[0]?.requester ?? "",
    rows: members,
  }));
}

/** Whether a task was given by this agent: keys of agents end with the agent's id. */
export function isGivenBy({ requester }: Pick<TaskRow, "requester">, agentId: string): boolean {
  return requester === agentId || requester.endsWith(`|${agentId}`);
}
