import { Check, Pencil, X } from "lucide-react";
import { useState } from "react";
import type { Task } from "@/store/task";
import { Button } from "../components/button";
import { Field, TextArea } from "../components/field";
import { ReasonForm } from "../components/reason-form";
import { useOrchestra } from "../orchestra-context";
import { Somebody } from "../somebody";
import { useDeeds, useDo } from "./task-deeds";
import { TaskMark, TaskWord } from "./task-mark";
import { TextBlock } from "./text-block";

type Mode = "reading" | "editing" | "rejecting";

/** A task that waits for a person's word: what would be done, and the two answers. */
export function TaskApproval({ task, titled = false }: { readonly task: Task; readonly titled?: boolean }) {
  const { api } = useOrchestra();
  const deeds = useDeeds(task.state);
  const { busy, act } = useDo();
  const [mode, setMode] = useState<Mode>("reading");
  const [brief, setBrief] = useState(task.brief);
  const mayDecide = deeds.has("approve");
  const approve = () =>
    act("The task was not approved.", () =>
      api.tasks.approve(task.task_id, brief === task.brief ? {} : { brief }),
    );
  const reject = (reason: string) =>
    act("The task was not rejected.", () => api.tasks.reject(task.task_id, reason));
  return (
    <article
      aria-label={`Approval of task ${task.task_id}`}
      data-testid={`approval-${task.task_id}`}
      className="rounded-md border-2 border-attention bg-n-3 p-3"
    >
      {titled && (
        <h2 className="mb-1 flex items-center gap-2">
          <TaskMark state={task.state} />
          <span className="min-w-0 truncate font-medium">{task.title}</span>
          <TaskWord state={task.state} className="ml-auto text-xs" />
        </h2>
      )}
      <p className="mb-2 text-n-11 text-xs">
        <Somebody id={task.requester} /> asks to give this to{" "}
        <strong className="font-medium">{task.to}</strong>
        {task.cwd !== "" && (
          <>
            {" in "}
            <span className="break-all font-mono text-2xs">{task.cwd}</span>
          </>
        )}
        .
      </p>
      {mode === "editing" ? (
        <Field label="Brief">
          {(wiring) => (
            <TextArea
              {...wiring}
              autoFocus
              rows={5}
              className="font-mono text-xs"
              value={brief}
              onChange={(event) => setBrief(event.target.value)}
            />
          )}
        </Field>
      ) : (
        <TextBlock label="Brief" text={brief} />
      )}
      {mayDecide && mode !== "rejecting" && (
        <div className="mt-3 flex flex-wrap gap-2 max-sm:[&>button]:h-10 max-sm:[&>button]:flex-1">
          <Button
            tone="primary"
            size="sm"
            disabled={busy || brief.trim() === ""}
            onClick={() => void approve()}
          >
            <Check size={13} aria-hidden /> Approve
          </Button>
          {mode === "reading" && (
            <Button size="sm" disabled={busy} onClick={() => setMode("editing")}>
              <Pencil size={12} aria-hidden /> Edit
            </Button>
          )}
          <Button size="sm" tone="dangerQuiet" disabled={busy} onClick={() => setMode("rejecting")}>
            <X size={13} aria-hidden /> Reject
          </Button>
        </div>
      )}
      {mayDecide && mode === "rejecting" && (
        <ReasonForm
          verb="Reject"
          busy={busy}
          onReason={(reason) => void reject(reason)}
          onBack={() => setMode("reading")}
        />
      )}
      {!mayDecide && <p className="mt-2 text-n-10 text-xs">Somebody who may approve tasks decides.</p>}
    </article>
  );
}
