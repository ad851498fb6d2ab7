/** Whom the chat offers, and in which order. */

import type { Agent } from "@/core";
import { STATES } from "./state-words";

/** A shell does not answer: what is sent to it runs as a command. */
export function isShell(agent: Agent): boolean {
  return agent.profile === "shell" && agent.purpose !== "task";
}

/** 0: alive and answers; then plain shells, agents at one task, those that have ended, ended tasks. */
function rank(agent: Agent): number {
  const { state, purpose } = agent;
  if (purpose === "task") return STATES[state].alive ? 2 : 4;
  if (!STATES[state].alive) return 3;
  return isShell(agent) ? 1 : 0;
}

/** Those that can be talked to first. What was started for one task and has ended is not offered, unless it is opened. */
export function chatOrder(agents: readonly Agent[], opened: string | null): readonly Agent[] {
  return agents
    .filter((agent) => rank(agent) < 4 || agent.session_id === opened)
    .toSorted((a, b) => rank(a) - rank(b));
}

/** The one agent that somebody who opens the chat can only mean, or null. */
export function onlyTalker(agents: readonly Agent[]): string | null {
  const [first, second] = agents.filter((agent) => rank(agent) === 0);
  return first !== undefined && second === undefined ? first.session_id : null;
}
