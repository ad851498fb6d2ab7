import { memo } from "react";
import { useShallow } from "zustand/react/shallow";
import type { Agent } from "@/core";
import { presentAgents } from "@/store/agents";
import { STATES } from "@/store/state-words";
import { Age } from "../age";
import { classNames } from "../components/class-names";
import { Tooltip } from "../components/tooltip";
import { useAgents, usePerform, useShell } from "../orchestra-context";
import { StateMark } from "../state-mark";

interface RailAgentProps {
  readonly agent: Agent;
  readonly current: boolean;
  readonly narrow: boolean;
}

const RailAgent = memo(function RailAgent({ agent, current, narrow }: RailAgentProps) {
  const perform = usePerform();
  const word = STATES[agent.state].word;
  return (
    <li>
      <Tooltip side="right" text={`${agent.name} · ${word}`}>
        <button
          type="button"
          aria-current={current ? "page" : undefined}
          onClick={() => perform({ kind: "open_terminal", sessionId: agent.session_id })}
          className={classNames(
            "flex h-(--row) w-full items-center gap-2.5 rounded-md px-2 text-n-11 transition-colors duration-100 hover:bg-n-4 hover:text-n-12",
            current && "bg-n-5 text-n-12",
            narrow && "justify-center px-0",
          )}
        >
          <StateMark state={agent.state} />
          <span className={narrow ? "sr-only" : "min-w-0 flex-1 truncate text-left"}>{agent.name}</span>
          <span className="sr-only">{word}</span>
          {!narrow && <Age sinceUnixS={agent.state_since_unix_s} className="text-2xs text-n-10" />}
        </button>
      </Tooltip>
    </li>
  );
});

/** Every agent, one click away, its state beside it. */
export function RailAgents({ narrow }: { readonly narrow: boolean }) {
  const agents = useAgents(useShallow((state) => presentAgents(state.agents)));
  const open = useShell((state) => (state.place.kind === "terminal" ? state.place.sessionId : null));
  if (agents.length === 0) return null;
  return (
    <ul aria-label="All agents" className="flex flex-col gap-px">
      {agents.map((agent) => (
        <RailAgent key={agent.id} agent={agent} current={agent.session_id === open} narrow={narrow} />
      ))}
    </ul>
  );
}
