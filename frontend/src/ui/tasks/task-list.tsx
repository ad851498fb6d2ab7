import { type KeyboardEvent, memo } from "react";
import type { TaskRow } from "@/store/task";
import { Age } from "../age";
import { classNames } from "../components/class-names";
import { usePerform } from "../orchestra-context";
import { TaskMark, TaskWord } from "./task-mark";

interface RowProps {
  readonly task: TaskRow;
  readonly current: boolean;
}

const Row = memo(function Row({ task, current }: RowProps) {
  const perform = usePerform();
  return (
    <li className="border-b last:border-b-0">
      <button
        type="button"
        aria-current={current ? "true" : undefined}
        data-testid={`task-${task.task_id}`}
        data-state={task.state}
        onClick={() => perform({ kind: "go", place: { kind: "task", taskId: task.task_id } })}
        className={classNames(
          "flex w-full items-center gap-2.5 px-3 py-1.5 text-left hover:bg-n-4 focus-visible:outline-offset-[-2px]",
          current && "bg-n-5 hover:bg-n-5",
        )}
      >
        <TaskMark state={task.state} />
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-2">
            <span className="min-w-0 flex-1 truncate font-medium">{task.title}</span>
            <TaskWord state={task.state} className="text-xs" />
          </span>
          <span className="flex items-baseline gap-2 text-n-10 text-xs">
            <span className="font-mono text-2xs">#{task.task_id}</span>
            <span className="min-w-0 flex-1 truncate">
              {task.to}
              {task.reason !== "" && ` · ${task.reason}`}
            </span>
            <Age sinceUnixS={task.state_since_unix_s} />
          </span>
        </span>
      </button>
    </li>
  );
});

/** Arrows move between rows, as in the grid. */
function onKeyDown(event: KeyboardEvent<HTMLUListElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const rows = [...event.currentTarget.querySelectorAll("button")];
  const at = rows.findIndex((row) => row.matches(":focus"));
  if (at < 0) return;
  event.preventDefault();
  rows[Math.min(rows.length - 1, Math.max(0, at + step))]?.focus();
}

interface TaskListProps {
  readonly tasks: readonly TaskRow[];
  readonly opened: number | null;
  readonly label?: string;
}

/** Tasks as rows; their states move as the daemon tells. */
export function TaskList({ tasks, opened, label = "Tasks" }: TaskListProps) {
  return (
    <ul aria-label={label} onKeyDown={onKeyDown} className="rounded-md border bg-n-3" data-testid="task-list">
      {tasks.map((task) => (
        <Row key={task.task_id} task={task} current={task.task_id === opened} />
      ))}
    </ul>
  );
}
