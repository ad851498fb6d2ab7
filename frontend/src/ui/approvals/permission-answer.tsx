import { Check, CheckCheck, X } from "lucide-react";
import { useState } from "react";
import type { Approval } from "@/core";
import { ruleLines } from "@/store/approval";
import { Button } from "../components/button";
import { ReasonForm } from "../components/reason-form";
import { AnswerRow } from "./answer-row";
import type { Deciding } from "./use-decide";

interface AnswerProps {
  readonly approval: Approval;
  readonly deciding: Deciding;
}

/** Allow, always, deny; denying asks why. */
export function PermissionAnswer({ approval, deciding: { busy, decide } }: AnswerProps) {
  const [denying, setDenying] = useState(false);
  const rules = ruleLines(approval);
  if (denying)
    return (
      <ReasonForm
        verb="Deny"
        busy={busy}
        onReason={(message) => decide({ decision: "deny", message })}
        onBack={() => setDenying(false)}
      />
    );
  return (
    <>
      <AnswerRow>
        <Button tone="primary" size="sm" disabled={busy} onClick={() => decide({ decision: "allow" })}>
          <Check size={13} aria-hidden /> Allow
        </Button>
        {approval.decisions.includes("always") && (
          <Button size="sm" disabled={busy} onClick={() => decide({ decision: "always" })}>
            <CheckCheck size={13} aria-hidden /> Always
          </Button>
        )}
        <Button size="sm" tone="dangerQuiet" disabled={busy} onClick={() => setDenying(true)}>
          <X size={13} aria-hidden /> Deny
        </Button>
      </AnswerRow>
      {approval.decisions.includes("always") && rules.length > 0 && (
        <p className="mt-1.5 text-n-10 text-xs">
          Always: in this session not asked again for{" "}
          {rules.map((rule, place) => (
            <span key={rule}>
              {place > 0 && ", "}
              <span className="break-all font-mono text-2xs text-n-11">{rule}</span>
            </span>
          ))}
        </p>
      )}
    </>
  );
}
