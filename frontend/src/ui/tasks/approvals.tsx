import { useEffect, useState } from "react";
import { useShallow } from "zustand/react/shallow";
import { asProblem } from "@/api/problem";
import type { Task, TaskRow } from "@/store/task";
import { awaitingApproval } from "@/store/tasks";
import { useMay, useOrchestra, useTasks } from "../orchestra-context";
import { ApprovalCard } from "./approval-card";

/** Tasks that this person is asked about; none for somebody who may not decide. */
export function useApprovals(): readonly TaskRow[] {
  const mayApprove = useMay("tasks:approve");
  return useTasks(useShallow((state) => (mayApprove ? awaitingApproval(state.tasks) : [])));
}

function Card({ row }: { readonly row: TaskRow }) {
  const { api } = useOrchestra();
  const [task, setTask] = useState<Task | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let ended = false;
    api.tasks.show(row.task_id).then(
      (shown) => ended || setTask(shown),
      (error: unknown) => ended || setProblem(asProblem(error).message),
    );
    return () => {
      ended = true;
    };
  }, [api, row.task_id]);
  if (problem !== null) {
    return (
      <p role="alert" className="text-danger-text">
        {row.title}: {problem}
      </p>
    );
  }
  return task === null ? null : <ApprovalCard task={{ ...task, state: row.state }} titled />;
}

/** Everything that waits for this person's word, the longest wait first. */
export function Approvals({ rows }: { readonly rows: readonly TaskRow[] }) {
  if (rows.length === 0) return null;
  return (
    <ul
      aria-label="Approvals"
      className="mx-auto mb-(--tile-gap) flex w-full max-w-200 flex-col gap-(--tile-gap)"
    >
      {rows.map((row) => (
        <li key={row.task_id}>
          <Card row={row} />
        </li>
      ))}
    </ul>
  );
}
