/** What agents ask, for tests; nothing else imports this. */

import type { Approval } from "@/core";
import { SESSION } from "./sample-task";

export function sampleApproval(number: number, part: Partial<Approval> = {}): Approval {
  return {
    id: `apr_${number}`,
    kind: "permission",
    agent_id: SESSION.replace("sess", "agent"),
    session_id: SESSION,
    owner: "issuer|local|ada",
    task_id: null,
    title: "Bash: rm -r build",
    detail: { tool: "Bash", input: { command: "rm -r build", description: "Remove the build" } },
    decisions: ["allow", "deny", "always"],
    state: "waiting",
    decision: null,
    message: "",
    answers: null,
    decided_by: null,
    mode: null,
    reason: "",
    created_unix_ms: 1000 * number,
    expires_unix_ms: 600_000 + 1000 * number,
    decided_unix_ms: null,
    taken_unix_ms: null,
    ...part,
  };
}

export function sampleQuestion(number: number, multiSelect = false): Approval {
  const options = [
    { label: "Memory", description: "Gone at the end." },
    { label: "Disk", description: "Stays." },
  ];
  return sampleApproval(number, {
    kind: "question",
    title: "Which store?",
    detail: { questions: [{ question: "Which store?", header: "Store", options, multiSelect }] },
    decisions: ["answer", "deny"],
  });
}
