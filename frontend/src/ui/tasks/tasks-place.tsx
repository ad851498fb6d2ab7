import { Plus } from "lucide-react";
import { passes } from "@/store/tasks";
import { Button } from "../components/button";
import { classNames } from "../components/class-names";
import { Empty } from "../empty";
import { useConnection, useMay, useOrchestra, usePerform, useTasks } from "../orchestra-context";
import { TaskDetail } from "./task-detail";
import { TaskFilters } from "./task-filters";
import { TaskList } from "./task-list";

function GiveButton({ leading = false }: { readonly leading?: boolean }) {
  const perform = usePerform();
  return (
    <Button
      tone={leading ? "primary" : "plain"}
      size={leading ? "md" : "sm"}
      onClick={() => perform({ kind: "show", overlay: { kind: "new_task" } })}
    >
      <Plus size={14} aria-hidden /> Give a task
    </Button>
  );
}

function NoTasks() {
  const mayGive = useMay("tasks:delegate");
  return (
    <Empty
      title="No tasks yet"
      text="A task is given to a profile; an agent is started for it, and what came out is kept here."
    >
      {mayGive && <GiveButton leading />}
    </Empty>
  );
}

function List({ opened }: { readonly opened: number | null }) {
  const { taskList } = useOrchestra();
  const mayGive = useMay("tasks:delegate");
  const tasks = useTasks((state) => state.tasks);
  const filter = useTasks((state) => state.filter);
  const olderBefore = useTasks((state) => state.olderBefore);
  const shown = tasks.filter((task) => passes(task, filter));
  return (
    <div className="flex flex-col gap-2.5">
      <div className="flex items-start gap-2">
        <TaskFilters />
        <span className="ml-auto" />
        {mayGive && <GiveButton />}
      </div>
      {shown.length > 0 ? (
        <TaskList tasks={shown} opened={opened} />
      ) : (
        <p className="rounded-md border border-dashed px-3 py-6 text-center text-n-10">
          No task is like that.
        </p>
      )}
      {olderBefore !== null && (
        <Button size="sm" tone="quiet" className="self-center" onClick={() => void taskList.loadOlder()}>
          Show older tasks
        </Button>
      )}
    </div>
  );
}

function Problem({ text }: { readonly text: string }) {
  const { taskList } = useOrchestra();
  return (
    <Empty title="The tasks did not come" text={text}>
      <Button onClick={() => void taskList.load()}>Try again</Button>
    </Empty>
  );
}

interface TasksPlaceProps {
  readonly shown: boolean;
  readonly opened: number | null;
}

/** All tasks, and the opened one beside them or, where there is no room, in their place. */
export function TasksPlace({ shown, opened }: TasksPlaceProps) {
  const greeted = useConnection((state) => state.hello !== null);
  const mayRead = useMay("tasks:read");
  const known = useTasks((state) => state.known);
  const none = useTasks((state) => state.tasks.length === 0);
  const problem = useTasks((state) => state.problem);
  const content = () => {
    if (greeted && !mayRead) return <Empty title="Tasks" text="You may not see tasks." />;
    if (!known) return problem === null ? null : <Problem text={problem} />;
    if (none && opened === null) return <NoTasks />;
    return (
      <div
        className={classNames(
          "grid h-full min-h-0",
          opened !== null && "lg:grid-cols-[minmax(320px,2fr)_3fr]",
        )}
      >
        <div
          className={classNames(
            "min-h-0 overflow-y-auto p-(--place-pad)",
            opened === null ? "mx-auto w-full max-w-260" : "max-lg:hidden",
          )}
        >
          <List opened={opened} />
        </div>
        {opened !== null && <TaskDetail key={opened} taskId={opened} />}
      </div>
    );
  };
  return (
    <section
      aria-label="Tasks"
      data-testid="tasks"
      inert={!shown}
      className={classNames("absolute inset-0 overflow-y-auto", !shown && "invisible")}
    >
      {content()}
    </section>
  );
}
