import { Ellipsis, Maximize2, Square, Trash2 } from "lucide-react";
import type { Agent } from "@/core";
import { STATES } from "@/store/state-words";
import { AgentMenu } from "../agent-menu";
import { Button } from "../components/button";
import { Kbd } from "../components/kbd";
import { Tooltip } from "../components/tooltip";
import { useMay, usePerform } from "../orchestra-context";

interface TileActionsProps {
  readonly agent: Agent;
  readonly place: number;
  /** Tab reaches the actions of the selected tile only. */
  readonly reachable: boolean;
}

/** What can be done with a tile; there while it is pointed at or focused, never for fingers, who open it first. */
export function TileActions({ agent, place, reachable }: TileActionsProps) {
  const perform = usePerform();
  const mayStop = useMay("agents:kill");
  const tabIndex = reachable ? 0 : -1;
  const stopWord = STATES[agent.state].alive ? "Stop" : "Remove";
  return (
    <div className="absolute top-0 right-1 z-2 flex h-(--tile-head) items-center invisible gap-0.5 group-focus-within:visible group-hover:visible has-[[data-state=open]]:visible [@media(hover:none)]:hidden">
      {place < 9 && <Kbd keys={String(place + 1)} className="mr-1" />}
      <Tooltip text="Open">
        <Button
          tone="quiet"
          size="iconSm"
          tabIndex={tabIndex}
          aria-label={`Open ${agent.name}`}
          onClick={() => perform({ kind: "open_terminal", sessionId: agent.session_id })}
        >
          <Maximize2 size={13} aria-hidden />
        </Button>
      </Tooltip>
      {mayStop && (
        <Tooltip text={stopWord}>
          <Button
            tone="quiet"
            size="iconSm"
            tabIndex={tabIndex}
            aria-label={`${stopWord} ${agent.name}`}
            onClick={() => perform({ kind: "show", overlay: { kind: "stop", agentId: agent.id } })}
          >
            {STATES[agent.state].alive ? <Square size={12} aria-hidden /> : <Trash2 size={13} aria-hidden />}
          </Button>
        </Tooltip>
      )}
      <AgentMenu agent={agent}>
        <Button tone="quiet" size="iconSm" tabIndex={tabIndex} aria-label={`More about ${agent.name}`}>
          <Ellipsis size={14} aria-hidden />
        </Button>
      </AgentMenu>
    </div>
  );
}
