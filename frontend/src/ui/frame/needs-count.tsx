import { countDecisions, countNeeds } from "@/store/needs";
import { classNames } from "../components/class-names";
import { useAgents, useApprovals, useMay, useTasks } from "../orchestra-context";

/** Decisions that wait for this person, and all that does. */
export function useNeeds(): { readonly decisions: number; readonly all: number } {
  const mayDecide = useMay("tasks:approve");
  const agents = useAgents((state) => state.agents);
  const stoppedHere = useAgents((state) => state.stoppedHere);
  const tasks = useTasks((state) => state.tasks);
  const approvals = useApprovals((state) => state.approvals);
  const situation = { roster: { agents, stoppedHere }, tasks, approvals, mayDecide };
  return { decisions: countDecisions(situation), all: countNeeds(situation) };
}

/** How much needs this person; nothing at all when nothing does. */
export function NeedsCount({ className }: { readonly className?: string }) {
  const count = useNeeds().all;
  if (count === 0) return null;
  return (
    <span
      data-testid="needs-count"
      className={classNames(
        "inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-full bg-attention px-1 font-semibold text-2xs text-n-1 leading-none",
        className,
      )}
    >
      {count}
    </span>
  );
}
