/** What every action does. */

import { asProblem } from "@/api/problem";
import type { Action } from "@/store/action";
import { findBySession, nextNeedingPerson } from "@/store/agents";
import { overviewOf, placeBehind } from "@/store/place";
import type { Orchestra } from "./orchestra";
import { shownAgents } from "./shown-agents";

const SHELL_PROFILE = "shell";
/** Ctrl-\\ as a terminal sends it. */
const LEADER_BYTE = "\x1c";

type Performers = {
  readonly [Kind in Action["kind"]]: (orchestra: Orchestra, action: Extract<Action, { kind: Kind }>) => void;
};

const PERFORMERS: Performers = {
  go: ({ shell }, { place }) => shell.getState().go(place),
  open_terminal: (orchestra, { sessionId }) => openTerminal(orchestra, sessionId),
  open_tile: (orchestra, { index }) => {
    const agent = shownAgents(orchestra)[index];
    if (agent !== undefined) openTerminal(orchestra, agent.session_id);
  },
  next_needs_me: openNext,
  leave_terminal: leaveTerminal,
  show: ({ shell }, { overlay }) => shell.getState().show(overlay),
  new_terminal: (orchestra) => void spawnShell(orchestra),
  start_demo: (orchestra) => void startDemo(orchestra),
  fit_terminal: ({ terminal }) => terminal?.fit(),
  find_in_history: ({ terminal }) => terminal?.find(),
  send_leader: ({ terminal }) => terminal?.type(LEADER_BYTE),
  set_theme: ({ preferences }, { theme }) => preferences.getState().change({ theme }),
  set_density: ({ preferences }, { density }) => preferences.getState().change({ density }),
  toggle_rail: ({ preferences }) =>
    preferences.getState().change({ railNarrow: !preferences.getState().railNarrow }),
  toggle_screen_reader: ({ preferences }) =>
    preferences.getState().change({ screenReader: !preferences.getState().screenReader }),
  reconnect: ({ link }) => link.retry(),
  sign_out: (orchestra) => orchestra.signOut("asked"),
};

export function perform(orchestra: Orchestra, action: Action): void {
  const performer = PERFORMERS[action.kind] as (orchestra: Orchestra, action: Action) => void;
  performer(orchestra, action);
}

function openTerminal(orchestra: Orchestra, sessionId: string): void {
  const { place, go } = orchestra.shell.getState();
  go({ kind: "terminal", sessionId, from: overviewOf(place) });
}

function leaveTerminal({ shell, agents }: Orchestra): void {
  const { place, go } = shell.getState();
  const opened =
    place.kind === "terminal" ? findBySession(agents.getState().agents, place.sessionId) : undefined;
  go(placeBehind(place, opened?.task_id ?? null));
}

function openNext(orchestra: Orchestra): void {
  const { place } = orchestra.shell.getState();
  const current = place.kind === "terminal" ? place.sessionId : null;
  const next = nextNeedingPerson(orchestra.agents.getState(), current);
  if (next !== null) openTerminal(orchestra, next.session_id);
  else orchestra.notices.getState().say({ tone: "info", text: "No agent needs you." });
}

/** Tells a failure where it cannot be told beside a field. */
export function tell(orchestra: Orchestra, text: string, error: unknown): void {
  orchestra.notices.getState().say({ tone: "danger", text, detail: asProblem(error).message });
}

async function spawnShell(orchestra: Orchestra): Promise<void> {
  try {
    for (const agent of await orchestra.api.spawn({ profile: SHELL_PROFILE })) {
      orchestra.agents.getState().add(agent);
      openTerminal(orchestra, agent.session_id);
    }
  } catch (error) {
    tell(orchestra, "No terminal was started.", error);
  }
}

async function startDemo(orchestra: Orchestra): Promise<void> {
  try {
    for (const agent of await orchestra.api.startDemo()) orchestra.agents.getState().add(agent);
    orchestra.shell.getState().go({ kind: "grid" });
  } catch (error) {
    tell(orchestra, "The demo did not start.", error);
  }
}
