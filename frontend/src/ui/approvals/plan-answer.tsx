import { Check, X } from "lucide-react";
import { useState } from "react";
import type { Approval } from "@/core";
import { Button } from "../components/button";
import { ReasonForm } from "../components/reason-form";
import { AnswerRow } from "./answer-row";
import type { Deciding } from "./use-decide";

interface AnswerProps {
  readonly approval: Approval;
  readonly deciding: Deciding;
}

/** Approve with edits accepted or asked for, or reject; rejecting asks why. */
export function PlanAnswer({ deciding: { busy, decide } }: AnswerProps) {
  const [rejecting, setRejecting] = useState(false);
  if (rejecting)
    return (
      <ReasonForm
        verb="Reject"
        busy={busy}
        onReason={(message) => decide({ decision: "deny", message })}
        onBack={() => setRejecting(false)}
      />
    );
  return (
    <AnswerRow>
      <Button
        tone="primary"
        size="sm"
        disabled={busy}
        onClick={() => decide({ decision: "allow", mode: "default" })}
      >
        <Check size={13} aria-hidden /> Approve, ask before edits
      </Button>
      <Button size="sm" disabled={busy} onClick={() => decide({ decision: "allow", mode: "acceptEdits" })}>
        <Check size={13} aria-hidden /> Approve, accept edits
      </Button>
      <Button size="sm" tone="dangerQuiet" disabled={busy} onClick={() => setRejecting(true)}>
        <X size={13} aria-hidden /> Reject
      </Button>
    </AnswerRow>
  );
}
