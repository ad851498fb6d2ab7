import { Ban, Check, CircleQuestionMark, Hand, ListChecks, SquareTerminal, X } from "lucide-react";
import { useEffect, useRef } from "react";
import type { Approval, ApprovalKind } from "@/core";
import { askWords, endDetail, endWords, planText } from "@/store/approval";
import { Age } from "../age";
import { Button } from "../components/button";
import { classNames } from "../components/class-names";
import { useAgents, useMay, usePerform } from "../orchestra-context";
import { Somebody } from "../somebody";
import { TextBlock } from "../tasks/text-block";
import { PermissionAnswer } from "./permission-answer";
import { PlanAnswer } from "./plan-answer";
import { QuestionAnswer } from "./question-answer";
import { ToolInput } from "./tool-input";
import { useDecide } from "./use-decide";

const MARKS: Readonly<Record<ApprovalKind, typeof Hand>> = {
  permission: Hand,
  question: CircleQuestionMark,
  plan: ListChecks,
};

/** What became of it, in a line; a refusal and a withdrawal have marks of their own. */
export function DecidedLine({ approval }: { readonly approval: Approval }) {
  const denied = approval.decision === "deny";
  const Mark = approval.state !== "answered" ? Ban : denied ? X : Check;
  const detail = endDetail(approval);
  return (
    <p className="flex min-w-0 flex-wrap items-center gap-x-2 text-xs" data-testid="decided">
      <Mark
        size={13}
        aria-hidden
        className={classNames(
          "shrink-0",
          approval.state !== "answered" ? "text-neutral" : denied ? "text-danger" : "text-success",
        )}
      />
      <span className="min-w-0 max-w-full truncate font-mono text-2xs text-n-11" title={approval.title}>
        {approval.title}
      </span>
      <span>{endWords(approval)}</span>
      {detail !== "" && <span className="min-w-0 break-words text-n-11">{detail}</span>}
    </p>
  );
}

function Body({ approval }: { readonly approval: Approval }) {
  const mayDecide = useMay("tasks:approve");
  const deciding = useDecide(approval);
  const answer = { approval, deciding };
  return (
    <>
      {approval.kind === "permission" && <ToolInput approval={approval} />}
      {approval.kind === "plan" && (
        <TextBlock label="Plan" text={planText(approval)} testId="plan-text" className="max-h-120" />
      )}
      {!mayDecide ? (
        <p className="mt-2 text-n-10 text-xs">Somebody who may decide for agents answers this.</p>
      ) : approval.kind === "permission" ? (
        <PermissionAnswer {...answer} />
      ) : approval.kind === "plan" ? (
        <PlanAnswer {...answer} />
      ) : (
        <QuestionAnswer {...answer} />
      )}
      {deciding.problem !== null && (
        <p role="alert" className="mt-2 text-danger-text text-xs">
          {deciding.problem}
        </p>
      )}
    </>
  );
}

function Head({ approval, inTerminal }: { readonly approval: Approval; readonly inTerminal: boolean }) {
  const perform = usePerform();
  const Mark = MARKS[approval.kind];
  const { session_id: sessionId, task_id: taskId } = approval;
  return (
    <header className="mb-2 flex items-center gap-2 max-sm:flex-wrap">
      <Mark size={15} strokeWidth={2.25} aria-hidden className="shrink-0 text-attention" />
      <h2 className="min-w-0 truncate">
        <strong className="font-medium">
          <Somebody id={approval.agent_id} />
        </strong>{" "}
        <span className="text-attention-text">{askWords(approval)}</span>
      </h2>
      <Age sinceUnixS={approval.created_unix_ms / 1000} className="text-n-10 text-xs" />
      <span className="ml-auto flex gap-1">
        {taskId !== null && (
          <Button
            size="sm"
            tone="quiet"
            onClick={() => perform({ kind: "go", place: { kind: "task", taskId } })}
          >
            Task {taskId}
          </Button>
        )}
        {!inTerminal && (
          <Button
            size="sm"
            tone="quiet"
            aria-label="Open its terminal"
            onClick={() => perform({ kind: "open_terminal", sessionId })}
          >
            <SquareTerminal size={13} aria-hidden />
          </Button>
        )}
      </span>
    </header>
  );
}

interface ApprovalCardProps {
  readonly approval: Approval;
  /** It stands beside the agent's own terminal. */
  readonly inTerminal?: boolean;
}

/** What an agent asks and the answers that it takes; once it is decided, by whomever, what became of it. */
export function ApprovalCard({ approval, inTerminal = false }: ApprovalCardProps) {
  const card = useRef<HTMLElement>(null);
  const hadFocus = useRef(false);
  const open = approval.state === "waiting";
  const name = useAgents(
    (state) => state.agents.find(({ id }) => id === approval.agent_id)?.name ?? "An agent",
  );
  useEffect(() => {
    // The button that had the focus is gone with the answers.
    if (!open && hadFocus.current && document.activeElement === document.body) card.current?.focus();
  }, [open]);
  return (
    <article
      ref={card}
      tabIndex={-1}
      aria-label={`${name} ${askWords(approval)}: ${approval.title}`}
      aria-live={open ? undefined : "polite"}
      data-testid={`ask-${approval.id}`}
      data-state={approval.state}
      onFocus={() => {
        hadFocus.current = true;
      }}
      onBlur={(event) => {
        hadFocus.current = open && event.relatedTarget === null;
      }}
      className={classNames(
        "rounded-md bg-n-3 outline-none",
        open ? "border-2 border-attention p-3" : "border px-3 py-2",
      )}
    >
      {open ? (
        <>
          <Head approval={approval} inTerminal={inTerminal} />
          <Body approval={approval} />
        </>
      ) : (
        <DecidedLine approval={approval} />
      )}
    </article>
  );
}
