import { Check, X } from "lucide-react";
import { useEffect, useState } from "react";
import { useShallow } from "zustand/react/shallow";
import { asProblem } from "@/api/problem";
import { tell } from "@/live/perform";
import { groupByPlan, isGivenBy, type TaskGroup } from "@/store/plan";
import type { Task, TaskRow } from "@/store/task";
import { awaitingApproval } from "@/store/tasks";
import { Button } from "../components/button";
import { ReasonForm } from "../components/reason-form";
import { useMay, useOrchestra, useTasks } from "../orchestra-context";
import { Somebody } from "../somebody";
import { TaskApproval } from "./task-approval";

/** Tasks that this person is asked about, by all or by one agent; none for somebody who may not decide. */
export function useTasksToApprove(agentId: string | null): readonly TaskRow[] {
  const mayApprove = useMay("tasks:approve");
  return useTasks(
    useShallow((state) =>
      mayApprove
        ? awaitingApproval(state.tasks).filter((row) => agentId === null || isGivenBy(row, agentId))
        : [],
    ),
  );
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
  return task === null ? null : <TaskApproval task={{ ...task, state: row.state }} titled />;
}

/** The decision about all tasks of a plan at once. */
function PlanHead({ group }: { readonly group: TaskGroup }) {
  const orchestra = useOrchestra();
  const [busy, setBusy] = useState(false);
  const [rejecting, setRejecting] = useState(false);
  const decide = async (failure: string, ask: (id: number) => Promise<unknown>) => {
    setBusy(true);
    try {
      for (const { task_id } of group.rows) await ask(task_id);
    } catch (error) {
      tell(orchestra, failure, error);
    } finally {
      setBusy(false);
    }
  };
  const { tasks } = orchestra.api;
  return (
    <header className="mb-2">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="mr-auto font-medium">
          <Somebody id={group.requester} /> proposes a plan of {group.rows.length} tasks
        </h2>
        {!rejecting && (
          <div className="flex gap-2 max-sm:w-full max-sm:[&>button]:h-10 max-sm:[&>button]:flex-1">
            <Button
              tone="primary"
              size="sm"
              disabled={busy}
              onClick={() => void decide("Not all of the plan was approved.", (id) => tasks.approve(id, {}))}
            >
              <Check size={13} aria-hidden /> Approve all {group.rows.length}
            </Button>
            <Button size="sm" tone="dangerQuiet" disabled={busy} onClick={() => setRejecting(true)}>
              <X size={13} aria-hidden /> Reject all
            </Button>
          </div>
        )}
      </div>
      {rejecting && (
        <ReasonForm
          verb="Reject all"
          busy={busy}
          onReason={(reason) =>
            void decide("Not all of the plan was rejected.", (id) => tasks.reject(id, reason))
          }
          onBack={() => setRejecting(false)}
        />
      )}
    </header>
  );
}

/** Tasks that wait for this person's word, the longest wait first; those of a plan together. */
export function TaskApprovals({ rows }: { readonly rows: readonly TaskRow[] }) {
  if (rows.length === 0) return null;
  return (
    <ul aria-label="Tasks to approve" className="flex flex-col gap-(--tile-gap)">
      {groupByPlan(rows).map((group) => (
        <li key={group.key} data-testid={group.rows.length > 1 ? "plan" : undefined}>
          {group.rows.length > 1 && <PlanHead group={group} />}
          <ul className="flex flex-col gap-(--tile-gap)">
            {group.rows.map((row) => (
              <li key={row.task_id}>
                <Card row={row} />
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}
