import { Check, Hand, MessageSquareText, Square, Unplug, X } from "lucide-react";
import type { ReactNode } from "react";
import type { AgentState } from "@/core";
import { type Role, STATES } from "@/store/state-words";
import { classNames } from "./components/class-names";

/** Mark colours: at least 3:1 on every surface. */
export const MARK_COLOUR: Readonly<Record<Role, string>> = {
  accent: "text-accent",
  info: "text-info",
  success: "text-success",
  attention: "text-attention",
  danger: "text-danger",
  neutral: "text-neutral",
};

/** Word colours: at least 4.5:1 on every surface. */
export const WORD_COLOUR: Readonly<Record<Role, string>> = {
  accent: "text-accent-text",
  info: "text-info-text",
  success: "text-success-text",
  attention: "text-attention-text",
  danger: "text-danger-text",
  neutral: "text-n-10",
};

const CIRCLE = { cx: 8, cy: 8, r: 5.5, fill: "none", stroke: "currentColor", strokeWidth: 2 };

export function Ring({ dashes, turning = false }: { readonly dashes?: string; readonly turning?: boolean }) {
  return (
    <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      {turning && <circle {...CIRCLE} opacity={0.25} />}
      <circle
        {...CIRCLE}
        strokeLinecap="round"
        {...(dashes === undefined ? {} : { strokeDasharray: dashes })}
      />
    </svg>
  );
}

function mark(state: AgentState): ReactNode {
  const shape = { size: 14, strokeWidth: 2.25, "aria-hidden": true };
  switch (state) {
    case "starting":
      return <Ring dashes="0.1 4.22" />;
    case "working":
      return <Ring dashes="13 40" turning />;
    case "waiting_input":
      return <MessageSquareText {...shape} />;
    case "blocked":
      return <Hand {...shape} />;
    case "idle":
      return <Ring />;
    case "done":
      return <Check {...shape} strokeWidth={2.75} />;
    case "failed":
      return <X {...shape} strokeWidth={2.75} />;
    case "exited":
      return <Square {...shape} size={12} fill="currentColor" fillOpacity={0.25} />;
    case "lost":
      return <Unplug {...shape} />;
  }
}

interface StateMarkProps {
  readonly state: AgentState;
  readonly className?: string;
  /** The working arc turns: in tiles and headers, not where many marks only sum up. */
  readonly alive?: boolean;
}

/** The mark alone; its word stands beside it, so it is hidden from screen readers. */
export function StateMark({ state, className, alive = false }: StateMarkProps) {
  return (
    <span
      aria-hidden="true"
      className={classNames(
        "inline-flex size-3.5 shrink-0 items-center justify-center",
        MARK_COLOUR[STATES[state].role],
        alive && state === "working" && "animate-arc will-change-transform",
        className,
      )}
    >
      {mark(state)}
    </span>
  );
}

export function StateWord({ state, className }: { readonly state: AgentState; readonly className?: string }) {
  const { word, role } = STATES[state];
  return <span className={classNames("whitespace-nowrap", WORD_COLOUR[role], className)}>{word}</span>;
}
