/** One conversation in the order in which it happened: what was said, the tasks that came of it, what was decided. */

import type { Approval } from "@/core";
import { type Said, saidKey, saidUnixMs } from "./chat";
import type { TaskRow } from "./task";

export type TimelineItem =
  | { readonly kind: "said"; readonly key: string; readonly said: Said }
  | { readonly kind: "tasks"; readonly key: string; readonly rows: readonly TaskRow[] }
  | { readonly kind: "decided"; readonly key: string; readonly approval: Approval };

export interface Happened {
  /** Oldest first. */
  readonly said: readonly Said[];
  /** Given by the agent, in any order. */
  readonly tasks: readonly TaskRow[];
  readonly decided: readonly Approval[];
  /** There is more before what is here: what is older than the first that was said belongs there. */
  readonly hasOlder: boolean;
}

interface Moment {
  readonly unixMs: number;
  readonly item: Exclude<TimelineItem, { kind: "tasks" }> | { readonly kind: "task"; readonly row: TaskRow };
}

function moments({ said, tasks, decided, hasOlder }: Happened): readonly Moment[] {
  const from = hasOlder && said[0] !== undefined ? saidUnixMs(said[0]) : Number.NEGATIVE_INFINITY;
  const all: readonly Moment[] = [
    ...said.map(
      (each): Moment => ({
        unixMs: saidUnixMs(each),
        item: { kind: "said", key: saidKey(each), said: each },
      }),
    ),
    ...tasks
      .toSorted((a, b) => a.task_id - b.task_id)
      .map((row): Moment => ({ unixMs: row.created_unix_s * 1000, item: { kind: "task", row } })),
    ...decided.map(
      (approval): Moment => ({
        unixMs: approval.decided_unix_ms ?? approval.created_unix_ms,
        item: { kind: "decided", key: approval.id, approval },
      }),
    ),
  ];
  return all.filter(({ unixMs }) => unixMs >= from).toSorted((a, b) => a.unixMs - b.unixMs);
}

/** Everything by its time; tasks that follow each other are one item. */
export function timeline(happened: Happened): readonly TimelineItem[] {
  const items: TimelineItem[] = [];
  for (const { item } of moments(happened)) {
    const last = items.at(-1);
    if (item.kind !== "task") items.push(item);
    else if (last?.kind === "tasks") items[items.length - 1] = { ...last, rows: [...last.rows, item.row] };
    else items.push({ kind: "tasks", key: `tasks ${item.row.task_id}`, rows: [item.row] });
  }
  return items;
}
