/** What agents ask persons, as the daemon last told. Written by the asked list (src/live) only. */

import { createStore, type StoreApi } from "zustand/vanilla";
import type { Approval } from "@/core";

/** Older decided ones than these are forgotten here; the daemon has them. */
export const MAX_DECIDED = 200;

export interface ApprovalsState {
  /** Oldest first. */
  readonly approvals: readonly Approval[];
  /** Those that were decided a moment ago: their cards say so before they go. */
  readonly closing: ReadonlySet<string>;
  /** What the daemon has; of what it does not name any more only the decided ones stay. */
  readonly replaceAll: (approvals: readonly Approval[]) => void;
  readonly put: (approval: Approval) => void;
  readonly setClosing: (id: string, closing: boolean) => void;
}

export type ApprovalsStore = StoreApi<ApprovalsState>;

function inOrder(approvals: readonly Approval[]): readonly Approval[] {
  const decided = approvals.filter(({ state }) => state !== "waiting");
  const forgotten = new Set(decided.slice(0, Math.max(0, decided.length - MAX_DECIDED)));
  return approvals.filter((approval) => !forgotten.has(approval));
}

function byAge(a: Approval, b: Approval): number {
  return a.created_unix_ms - b.created_unix_ms || (a.id < b.id ? -1 : 1);
}

/** Decided is for good: a telling that was under way meanwhile does not open it again. */
function merged(held: readonly Approval[], told: readonly Approval[]): readonly Approval[] {
  const all = new Map(held.map((approval) => [approval.id, approval]));
  for (const approval of told) {
    const before = all.get(approval.id);
    if (before === undefined || before.state === "waiting" || approval.state !== "waiting")
      all.set(approval.id, approval);
  }
  return inOrder([...all.values()].sort(byAge));
}

export function createApprovalsStore(): ApprovalsStore {
  return createStore<ApprovalsState>((set) => ({
    approvals: [],
    closing: new Set(),
    replaceAll: (told) =>
      set(({ approvals }) => ({
        approvals: merged(
          approvals.filter(({ state }) => state !== "waiting"),
          told,
        ),
      })),
    put: (approval) => set(({ approvals }) => ({ approvals: merged(approvals, [approval]) })),
    setClosing: (id, closing) =>
      set((state) => ({
        closing: new Set(
          closing ? [...state.closing, id] : [...state.closing].filter((other) => other !== id),
        ),
      })),
  }));
}

type Known = Pick<ApprovalsState, "approvals" | "closing">;

/** Those that wait for a person, who has waited longest first. */
export function waiting({ approvals }: Pick<ApprovalsState, "approvals">): readonly Approval[] {
  return approvals.filter(({ state }) => state === "waiting");
}

/** Those that have a card: what waits, and what was decided a moment ago. */
export function shownApprovals({ approvals, closing }: Known): readonly Approval[] {
  return approvals.filter(({ id, state }) => state === "waiting" || closing.has(id));
}
