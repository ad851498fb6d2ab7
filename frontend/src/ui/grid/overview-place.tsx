import { useShallow } from "zustand/react/shallow";
import { agentsOf } from "@/live/shown-agents";
import { classNames } from "../components/class-names";
import { useAgents } from "../orchestra-context";
import { Approvals, useApprovals } from "../tasks/approvals";
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
  const approvals = useApprovals();
  const asked = kind === "needs" ? approvals : [];
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
      <Approvals rows={asked} />
      {known && agents.length === 0 && asked.length > 0 ? null : known && agents.length === 0 ? (
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
