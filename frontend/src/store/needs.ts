/** How much waits for this person: what the rail, the status bar and the tab's title count. */

import type { Approval } from "@/core";
import { needingPerson, type Roster } from "./agents";
import { waiting } from "./approvals";
import type { TaskRow } from "./task";
import { awaitingApproval } from "./tasks";

export interface NeedsSituation {
  readonly roster: Roster;
  readonly tasks: readonly TaskRow[];
  readonly approvals: readonly Approval[];
  /** Whether this person may decide about tasks and what agents ask. */
  readonly mayDecide: boolean;
}

/** Decisions that wait: plans and tasks to approve, and what agents ask. */
export function countDecisions({ tasks, approvals, mayDecide }: Omit<NeedsSituation, "roster">): number {
  return mayDecide ? awaitingApproval(tasks).length + waiting({ approvals }).length : 0;
}

/** Decisions, and agents that need a person for anything else: one that is blocked by what it asks counts once. */
export function countNeeds(situation: NeedsSituation): number {
  const asking = new Set(situation.mayDecide ? waiting(situation).map(({ agent_id }) => agent_id) : []);
  const others = needingPerson(situation.roster).filter(({ id }) => !asking.has(id));
  return others.length + countDecisions(situation);
}
