import { RotateCcw, Square } from "lucide-react";
import { useState } from "react";
import type { TaskState } from "@/core";
import { tell } from "@/live/perform";
import { mayI } from "@/store/connection";
import { rowOfTask, type Task, type TaskDeed, taskDeeds } from "@/store/task";
import { Button } from "../components/button";
import { useConnection, useOrchestra } from "../orchestra-context";

/** What this person may do with a task in a state. */
export function useDeeds(state: TaskState): ReadonlySet<TaskDeed> {
  const hello = useConnection((connection) => connection.hello);
  return taskDeeds(state, (permission) => mayI({ hello }, permission));
}

/** Asks the daemon for something about a task; tells when that fails. */
export function useDo(): {
  busy: boolean;
  act: (failure: string, ask: () => Promise<Task>) => Promise<void>;
} {
  const orchestra = useOrchestra();
  const [busy, setBusy] = useState(false);
  const act = async (failure: string, ask: () => Promise<Task>) => {
    setBusy(true);
    try {
      orchestra.tasks.getState().add(rowOfTask(await ask()));
    } catch (error) {
      tell(orchestra, failure, error);
    } finally {
      setBusy(false);
    }
  };
  return { busy, act };
}

/** Cancel and retry, where they apply; a decision has a card of its own. */
export function TaskDeeds({ taskId, state }: { readonly taskId: number; readonly state: TaskState }) {
  const { api } = useOrchestra();
  const deeds = useDeeds(state);
  const { busy, act } = useDo();
  return (
    <>
      {deeds.has("retry") && (
        <Button
          size="sm"
          disabled={busy}
          onClick={() => void act("It was not tried again.", () => api.tasks.retry(taskId))}
        >
          <RotateCcw size={13} aria-hidden /> Try again
        </Button>
      )}
      {deeds.has("cancel") && (
        <Button
          size="sm"
          tone="dangerQuiet"
          disabled={busy}
          title="Its program ends; what it has done so far stays"
          onClick={() => void act("The task was not cancelled.", () => api.tasks.cancel(taskId))}
        >
          <Square size={12} aria-hidden /> Cancel task
        </Button>
      )}
    </>
  );
}
