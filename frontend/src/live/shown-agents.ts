/** The agents of the present overview, in the order in which their tiles stand. */

import type { Agent } from "@/core";
import { needingPerson, presentAgents, type Roster } from "@/store/agents";
import { type Overview, overviewOf } from "@/store/place";
import type { Orchestra } from "./orchestra";

export function agentsOf(overview: Overview, roster: Roster): readonly Agent[] {
  switch (overview) {
    case "needs":
      return needingPerson(roster);
    case "grid":
      return presentAgents(roster.agents);
    default:
      return roster.agents;
  }
}

export function shownAgents(orchestra: Orchestra): readonly Agent[] {
  return agentsOf(overviewOf(orchestra.shell.getState().place), orchestra.agents.getState());
}
