import { useShallow } from "zustand/react/shallow";
import type { Approval } from "@/core";
import { shownApprovals, waiting } from "@/store/approvals";
import { useApprovals } from "../orchestra-context";
import { ApprovalCard } from "./approval-card";

/** What has a card, of all agents or of one. */
export function useShownApprovals(agentId: string | null): readonly Approval[] {
  return useApprovals(
    useShallow((state) =>
      shownApprovals(state).filter((approval) => agentId === null || approval.agent_id === agentId),
    ),
  );
}

/** The first thing that an agent waits for a person to answer. */
export function useFirstAsked(agentId: string): Approval | undefined {
  return useApprovals((state) => waiting(state).find((approval) => approval.agent_id === agentId));
}

interface ApprovalsProps {
  readonly approvals: readonly Approval[];
  readonly inTerminal?: boolean;
}

/** Cards below each other, the longest wait first. */
export function Approvals({ approvals, inTerminal = false }: ApprovalsProps) {
  if (approvals.length === 0) return null;
  return (
    <ul aria-label="What agents ask" className="flex flex-col gap-(--tile-gap)">
      {approvals.map((approval) => (
        <li key={approval.id}>
          <ApprovalCard approval={approval} inTerminal={inTerminal} />
        </li>
      ))}
    </ul>
  );
}
