/** An agent for tests; nothing else imports this. */

import type { Agent } from "@/core";

export function sampleAgent(part: Partial<Agent> = {}): Agent {
  const stem = "a".repeat(26);
  return {
    id: `agent-${stem}`,
    session_id: `sess-${stem}`,
    profile: "shell",
    name: "terminal 1",
    state: "idle",
    rows: 24,
    columns: 80,
    owner: "issuer|local|root",
    cwd: "/root",
    command: ["/bin/bash"],
    title: "",
    created_unix_s: 1000,
    state_since_unix_s: 1000,
    exit_status: null,
    purpose: "interactive",
    parent: null,
    task_id: null,
    worktree: "",
    ...part,
  };
}

/** Agents a, b, c... with the given states, each a second younger than the one before. */
export function sampleAgents(...states: Agent["state"][]): readonly Agent[] {
  return states.map((state, place) => {
    const letter = String.fromCharCode("a".charCodeAt(0) + place);
    const stem = letter.repeat(26);
    return sampleAgent({
      id: `agent-${stem}`,
      session_id: `sess-${stem}`,
      name: letter,
      state,
      created_unix_s: 1000 + place,
      state_since_unix_s: 1000 + place,
    });
  });
}
