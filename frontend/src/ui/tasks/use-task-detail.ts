import { useEffect, useState } from "react";
import { asProblem } from "@/api/problem";
import type { FinishedTask, TaskEvent, TaskResult, TaskRow } from "@/store/task";
import { findTask } from "@/store/tasks";
import { useOrchestra, useTasks } from "../orchestra-context";

export interface TaskDetails {
  readonly task: FinishedTask;
  readonly result: TaskResult;
  readonly events: readonly TaskEvent[];
}

export interface TaskDetailState {
  /** The newest that is known of it, from the list. */
  readonly row: TaskRow | undefined;
  /** null until they came. */
  readonly details: TaskDetails | null;
  readonly problem: string | null;
}

/** All of one task, asked for again whenever the list says that it moved. */
export function useTaskDetail(taskId: number): TaskDetailState {
  const { api } = useOrchestra();
  const row = useTasks((state) => findTask(state.tasks, taskId));
  const [details, setDetails] = useState<TaskDetails | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const moved = row === undefined ? "" : `${row.state} ${row.agent_id} ${row.reason} ${row.title}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `moved` says when the answers have become old
  useEffect(() => {
    let ended = false;
    Promise.all([api.tasks.show(taskId), api.tasks.result(taskId), api.tasks.events(taskId)]).then(
      ([task, result, events]) => {
        if (ended) return;
        setDetails({ task, result, events });
        setProblem(null);
      },
      (error: unknown) => ended || setProblem(asProblem(error).message),
    );
    return () => {
      ended = true;
    };
  }, [api, taskId, moved]);
  return { row, details, problem };
}
