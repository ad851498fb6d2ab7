/** Every agent that this person may see, as the daemon last told. Written by the conversation only. */

import { createStore, type StoreApi } from "zustand/vanilla";
import type { Agent, AgentState } from "@/core";
import { STATES } from "./state-words";

export interface AgentsState {
  /** In order of creation, so that tiles keep their places. */
  readonly agents: readonly Agent[];
  /** False until the first list came: the page cannot yet say that there are none. */
  readonly known: boolean;
  /** `seenKey` of every agent that was opened in its present state: a done one then stops showing off. */
  readonly seen: ReadonlySet<string>;
  /** Agents that were stopped from this page: their end is news to nobody, so it calls nobody. */
  readonly stoppedHere: ReadonlySet<string>;
  readonly replaceAll: (agents: readonly Agent[]) => void;
  readonly put: (agent: Agent) => void;
  /** Takes what a request answered; of an agent that is here already the updates tell more, and in order. */
  readonly add: (agent: Agent) => void;
  readonly remove: (id: string) => void;
  readonly markSeen: (agent: Agent) => void;
  readonly markStopped: (id: string) => void;
}

export type AgentsStore = StoreApi<AgentsState>;

function inOrder(a: Agent, b: Agent): number {
  return a.created_unix_s - b.created_unix_s || (a.id < b.id ? -1 : 1);
}

export function createAgentsStore(): AgentsStore {
  return createStore<AgentsState>((set) => ({
    agents: [],
    known: false,
    seen: new Set(),
    stoppedHere: new Set(),
    replaceAll: (agents) => set({ agents: [...agents].sort(inOrder), known: true }),
    put: (agent) =>
      set(({ agents }) => {
        const at = agents.findIndex((other) => other.id === agent.id);
        return { agents: at < 0 ? [...agents, agent].sort(inOrder) : agents.with(at, agent) };
      }),
    add: (agent) =>
      set(({ agents }) =>
        agents.some((other) => other.id === agent.id) ? {} : { agents: [...agents, agent].sort(inOrder) },
      ),
    remove: (id) => set(({ agents }) => ({ agents: agents.filter((agent) => agent.id !== id) })),
    markSeen: (agent) => {
      const key = seenKey(agent);
      set(({ seen }) => (seen.has(key) ? {} : { seen: new Set([...seen, key]) }));
    },
    markStopped: (id) => set(({ stoppedHere }) => ({ stoppedHere: new Set([...stoppedHere, id]) })),
  }));
}

/** What decides who needs a person. */
export type Roster = Pick<AgentsState, "agents" | "stoppedHere">;

export function seenKey(agent: Agent): string {
  return `${agent.session_id}@${agent.state_since_unix_s}`;
}

export function findBySession(agents: readonly Agent[], sessionId: string): Agent | undefined {
  return agents.find((agent) => agent.session_id === sessionId);
}

/** What an agent's end came to is told by the task that it was started for, where there is one. */
export function needsPerson(agent: Agent, { stoppedHere }: Pick<Roster, "stoppedHere">): boolean {
  const { needsPerson: needs, alive } = STATES[agent.state];
  return needs && (alive || (agent.purpose !== "task" && !stoppedHere.has(agent.id)));
}

/** Everybody but those who were started for one task and have ended: what came of them is told by the task. */
export function presentAgents(agents: readonly Agent[]): readonly Agent[] {
  return agents.filter(({ state, purpose }) => purpose !== "task" || STATES[state].alive);
}

/** Those who need a person, who has waited longest first. */
export function needingPerson(roster: Roster): readonly Agent[] {
  return roster.agents
    .filter((agent) => needsPerson(agent, roster))
    .sort((a, b) => a.state_since_unix_s - b.state_since_unix_s);
}

/** Whom `n` visits next: the one after `current` among those who need a person, round and round. */
export function nextNeedingPerson(roster: Roster, current: string | null): Agent | null {
  const waiting = needingPerson(roster);
  const at = waiting.findIndex((agent) => agent.session_id === current);
  return waiting[(at + 1) % Math.max(1, waiting.length)] ?? null;
}

export function countByState(agents: readonly Agent[]): ReadonlyMap<AgentState, number> {
  const counts = new Map<AgentState, number>();
  for (const agent of agents) counts.set(agent.state, (counts.get(agent.state) ?? 0) + 1);
  return counts;
}
