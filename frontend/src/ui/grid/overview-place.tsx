import { useShallow } from "zustand/react/shallow";
import { agentsOf } from "@/live/shown-agents";
import { Approvals, useShownApprovals } from "../approvals/approvals";
import { classNames } from "../components/class-names";
import { useAgents } from "../orchestra-context";
import { TaskApprovals, useTasksToApprove } from "../tasks/task-approvals";
import { EmptyGrid } from "./empty-grid";
import { NobodyNeedsMe } from "./nobody-needs-me";
import { TileGrid } from "./tile-grid";
import { TileSkeletons } from "./tile-skeletons";

interface OverviewPlaceProps {
  readonly kind: "grid" | "needs";
  /** False while a terminal is open on top. */
  readonly shown: boolean;
}

/** The grid of all agents, or of those who need a person. */
export function OverviewPlace({ kind, shown }: OverviewPlaceProps) {
  const agents = useAgents(useShallow((state) => agentsOf(kind, state)));
  const known = useAgents((state) => state.known);
  const approvals = useShownApprovals(null);
  const tasks = useTasksToApprove(null);
  const asked = kind === "needs" && approvals.length + tasks.length > 0;
  const label = kind === "needs" ? "Agents that need me" : "Agents";
  return (
    <section
      aria-label={kind === "needs" ? "Needs me" : "Grid"}
      inert={!shown}
      className={classNames(
        "absolute inset-0 overflow-y-auto p-(--place-pad) [scrollbar-gutter:stable]",
        !shown && "invisible",
      )}
    >
      {asked && (
        <div className="mb-(--tile-gap) flex w-full max-w-200 flex-col gap-(--tile-gap)">
          <Approvals approvals={approvals} />
          <TaskApprovals rows={tasks} />
        </div>
      )}
      {known && agents.length === 0 && asked ? null : known && agents.length === 0 ? (
        kind === "needs" ? (
          <NobodyNeedsMe />
        ) : (
          <EmptyGrid />
        )
      ) : known ? (
        <TileGrid agents={agents} label={label} shown={shown} inviting={kind === "grid"} />
      ) : (
        <TileSkeletons />
      )}
    </section>
  );
}
