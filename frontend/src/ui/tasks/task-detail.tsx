import { ArrowLeft, SquareTerminal } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { exactTime } from "@/store/age";
import { type FinishedTask, rowOfTask, TASK_STATES, type TaskOutcome, type TaskRow } from "@/store/task";
import { findTask, heldBy } from "@/store/tasks";
import { Age } from "../age";
import { Button } from "../components/button";
import { Empty } from "../empty";
import { useAgents, usePerform, useTasks } from "../orchestra-context";
import { Somebody } from "../somebody";
import { TaskApproval } from "./task-approval";
import { TaskDeeds } from "./task-deeds";
import { TaskAttempts, TaskEvents } from "./task-history";
import { TaskMark, TaskWord } from "./task-mark";
import { TextBlock } from "./text-block";
import { useTaskDetail } from "./use-task-detail";

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="flex flex-col gap-1.5">
      <h3 className="text-n-10 text-xs">{title}</h3>
      {children}
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-n-10">{name}</dt>
      <dd className="min-w-0 break-words text-n-11">{children}</dd>
    </>
  );
}

function TaskLink({ id }: { readonly id: number }) {
  const perform = usePerform();
  return (
    <button
      type="button"
      className="rounded-sm font-mono underline underline-offset-2"
      onClick={() => perform({ kind: "go", place: { kind: "task", taskId: id } })}
    >
      #{id}
    </button>
  );
}

function AfterTask({ id }: { readonly id: number }) {
  const state = useTasks(({ tasks }) => findTask(tasks, id)?.state);
  return (
    <span className="flex items-center gap-1">
      <TaskLink id={id} />
      {state !== undefined && <TaskWord state={state} />}
    </span>
  );
}

/** Why a task is in its state: the daemon's words, or else what holds it, or what the state means. */
function Reason({ row, after }: { readonly row: TaskRow; readonly after: readonly number[] }) {
  const held = useTasks(({ tasks }) => (row.state === "submitted" ? heldBy(tasks, after) : null));
  if (row.reason !== "") return row.reason;
  return held === null
    ? TASK_STATES[row.state].meaning
    : `Held: task ${held}, which it comes after, was not completed. Try that one again, or cancel this one.`;
}

function Facts({ task }: { readonly task: FinishedTask }) {
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 text-xs">
      <Fact name="Given to">{task.to}</Fact>
      <Fact name="Given by">
        <Somebody id={task.requester} />
      </Fact>
      <Fact name="Given at">{exactTime(task.created_unix_s)}</Fact>
      {task.deadline_unix_s !== null && <Fact name="Deadline">{exactTime(task.deadline_unix_s)}</Fact>}
      {task.parent_id !== null && (
        <Fact name="Part of">
          <TaskLink id={task.parent_id} />
        </Fact>
      )}
      {task.after.length > 0 && (
        <Fact name="After">
          <span className="flex flex-wrap gap-2">
            {task.after.map((id) => (
              <AfterTask key={id} id={id} />
            ))}
          </span>
        </Fact>
      )}
      {task.cwd !== "" && (
        <Fact name="Folder">
          <span className="break-all font-mono text-2xs">{task.cwd}</span>
        </Fact>
      )}
    </dl>
  );
}

function Outcome({ outcome, reason }: { readonly outcome: TaskOutcome; readonly reason: string }) {
  const { diff, is_cut } = outcome.artefacts;
  return (
    <Part title="Result">
      <p className="flex flex-wrap gap-x-3 text-xs" data-testid="task-outcome">
        {outcome.exit_code !== null && <span className="font-mono">exit code {outcome.exit_code}</span>}
        {outcome.error !== "" && outcome.error !== reason && (
          <span className="text-danger-text">{outcome.error}</span>
        )}
        {outcome.cost_usd !== null && <span className="text-n-11">{outcome.cost_usd.toFixed(2)} USD</span>}
      </p>
      {outcome.text === "" ? (
        <p className="text-n-10 text-xs">It printed nothing.</p>
      ) : (
        <TextBlock label="Output" text={outcome.text} testId="task-output" className="max-h-120" />
      )}
      {diff !== undefined && diff !== "" && (
        <>
          <h4 className="mt-1 text-n-10 text-xs">Changes{is_cut === true && ", the beginning of them"}</h4>
          <TextBlock label="Changes" text={diff} testId="task-diff" className="max-h-120" />
        </>
      )}
    </Part>
  );
}

function OpenAgent({ agentId }: { readonly agentId: string }) {
  const perform = usePerform();
  const agent = useAgents((state) => state.agents.find(({ id }) => id === agentId));
  if (agent === undefined) return null;
  return (
    <Button size="sm" onClick={() => perform({ kind: "open_terminal", sessionId: agent.session_id })}>
      <SquareTerminal size={13} aria-hidden /> Open terminal
    </Button>
  );
}

/** One task: what was asked, how it stands and why, what came out, and what can be done. */
export function TaskDetail({ taskId }: { readonly taskId: number }) {
  const perform = usePerform();
  const heading = useRef<HTMLHeadingElement>(null);
  const { row: listed, details, problem } = useTaskDetail(taskId);
  const row = listed ?? (details === null ? undefined : rowOfTask(details.task));
  const there = row !== undefined;
  useEffect(() => {
    if (there) heading.current?.focus({ preventScroll: true });
  }, [there]);
  const leave = () => perform({ kind: "go", place: { kind: "tasks" } });
  if (row === undefined) {
    return problem === null ? (
      <div />
    ) : (
      <Empty title={`Task ${taskId} cannot be shown`} text={problem}>
        <Button onClick={leave}>All tasks</Button>
      </Empty>
    );
  }
  const awaiting = row.state === "awaiting_approval";
  return (
    <article
      aria-label={`Task ${taskId}`}
      data-testid="task-detail"
      data-state={row.state}
      className="flex min-h-0 min-w-0 flex-col gap-4 overflow-y-auto p-(--place-pad) lg:border-l"
    >
      <header className="flex flex-wrap items-center gap-2">
        <Button tone="quiet" size="icon" aria-label="All tasks" onClick={leave} className="-ml-1.5">
          <ArrowLeft size={16} aria-hidden />
        </Button>
        <TaskMark state={row.state} />
        <h2 ref={heading} tabIndex={-1} className="min-w-0 break-words font-semibold text-md outline-none">
          {row.title}
        </h2>
        <span className="font-mono text-n-10 text-xs">#{taskId}</span>
        <span className="ml-auto flex flex-wrap items-center gap-2">
          {row.agent_id !== null && <OpenAgent agentId={row.agent_id} />}
          <TaskDeeds taskId={taskId} state={row.state} />
        </span>
      </header>
      <p className="-mt-2 text-xs" data-testid="task-state">
        <TaskWord state={row.state} className="font-medium" />{" "}
        <Age sinceUnixS={row.state_since_unix_s} className="text-n-10" />
        <span className="ml-2 text-n-11">
          <Reason row={row} after={details?.task.after ?? []} />
        </span>
      </p>
      {problem !== null && (
        <p role="alert" className="text-danger-text text-xs">
          {problem}
        </p>
      )}
      {details !== null && (
        <>
          {awaiting ? (
            <TaskApproval key={details.task.brief} task={{ ...details.task, state: row.state }} />
          ) : (
            <Part title="Brief">
              <TextBlock label="Brief" text={details.task.brief} testId="task-brief" />
            </Part>
          )}
          {details.task.result !== null && <Outcome outcome={details.task.result} reason={row.reason} />}
          <Facts task={details.task} />
          {details.result.attempts.length > 0 && (
            <Part title="Attempts">
              <TaskAttempts attempts={details.result.attempts} />
            </Part>
          )}
          <Part title="Events">
            <TaskEvents events={details.events} />
          </Part>
        </>
      )}
    </article>
  );
}
