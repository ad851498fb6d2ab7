import { Ban, Check, Hand, MessageSquareText, TimerOff, X } from "lucide-react";
import type { ReactNode } from "react";
import type { TaskState } from "@/core";
import { TASK_STATES } from "@/store/task";
import { classNames } from "../components/class-names";
import { MARK_COLOUR, Ring, WORD_COLOUR } from "../state-mark";

function mark(state: TaskState): ReactNode {
  const shape = { size: 14, strokeWidth: 2.25, "aria-hidden": true };
  switch (state) {
    case "submitted":
      return <Ring dashes="0.1 4.22" />;
    case "awaiting_approval":
      return <Hand {...shape} />;
    case "queued":
      return <Ring />;
    case "working":
      return <Ring dashes="13 40" turning />;
    case "input_required":
      return <MessageSquareText {...shape} />;
    case "completed":
      return <Check {...shape} strokeWidth={2.75} />;
    case "failed":
      return <X {...shape} strokeWidth={2.75} />;
    case "timed_out":
      return <TimerOff {...shape} />;
    case "cancelled":
    case "rejected":
      return <Ban {...shape} />;
  }
}

/** The mark alone; its word stands beside it, so it is hidden from screen readers. One that is past stays `still`. */
export function TaskMark({ state, still = false }: { readonly state: TaskState; readonly still?: boolean }) {
  return (
    <span
      aria-hidden="true"
      className={classNames(
        "inline-flex size-3.5 shrink-0 items-center justify-center",
        MARK_COLOUR[TASK_STATES[state].role],
        state === "working" && !still && "animate-arc will-change-transform",
      )}
    >
      {mark(state)}
    </span>
  );
}

export function TaskWord({ state, className }: { readonly state: TaskState; readonly className?: string }) {
  const { word, role } = TASK_STATES[state];
  return <span className={classNames("whitespace-nowrap", WORD_COLOUR[role], className)}>{word}</span>;
}
