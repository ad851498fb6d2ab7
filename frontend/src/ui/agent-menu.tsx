import { Copy, Maximize2, Square, Trash2 } from "lucide-react";
import type { ReactElement } from "react";
import type { Agent } from "@/core";
import { STATES } from "@/store/state-words";
import { AgentFacts } from "./agent-facts";
import { Popover, PopoverButton } from "./components/popover";
import { useMay, useNotices, usePerform } from "./orchestra-context";

interface AgentMenuProps {
  readonly agent: Agent;
  /** The button that opens it. */
  readonly children: ReactElement;
}

/** Everything about one agent: what its state means, and what can be done. */
export function AgentMenu({ agent, children }: AgentMenuProps) {
  const perform = usePerform();
  const mayStop = useMay("agents:kill");
  const say = useNotices((state) => state.say);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(agent.session_id);
      say({ tone: "success", text: "Session id copied." });
    } catch {
      say({ tone: "danger", text: "The browser did not allow copying.", detail: agent.session_id });
    }
  };
  return (
    <Popover label={`About ${agent.name}`} trigger={children}>
      <AgentFacts agent={agent} />
      <hr className="mx-1 my-1" />
      <PopoverButton onClick={() => perform({ kind: "open_terminal", sessionId: agent.session_id })}>
        <Maximize2 size={14} aria-hidden /> Open
      </PopoverButton>
      <PopoverButton onClick={() => void copy()}>
        <Copy size={14} aria-hidden /> Copy session id
      </PopoverButton>
      {mayStop && (
        <PopoverButton
          danger
          onClick={() => perform({ kind: "show", overlay: { kind: "stop", agentId: agent.id } })}
        >
          {STATES[agent.state].alive ? (
            <>
              <Square size={14} aria-hidden /> Stop…
            </>
          ) : (
            <>
              <Trash2 size={14} aria-hidden /> Remove…
            </>
          )}
        </PopoverButton>
      )}
    </Popover>
  );
}
