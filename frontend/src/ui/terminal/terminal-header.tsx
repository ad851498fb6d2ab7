import { ArrowLeft, Ellipsis, Eye, Fullscreen, Search, Square, Trash2 } from "lucide-react";
import type { Agent } from "@/core";
import { doingWords, STATES } from "@/store/state-words";
import { Age } from "../age";
import { AgentMenu } from "../agent-menu";
import { Button } from "../components/button";
import { Kbd } from "../components/kbd";
import { Tooltip } from "../components/tooltip";
import { useMay, usePerform } from "../orchestra-context";
import { StateMark, StateWord } from "../state-mark";

interface TerminalHeaderProps {
  readonly agent: Agent;
  readonly backTo: string;
  readonly writable: boolean;
}

function ReadOnly() {
  return (
    <Tooltip text="You may watch this terminal, not type into it.">
      <span
        data-testid="read-only"
        className="flex items-center gap-1.5 rounded-sm border border-n-7 px-1.5 text-n-11 text-xs"
      >
        <Eye size={13} aria-hidden /> Read only
      </span>
    </Tooltip>
  );
}

/** What belongs to a screen that is drawn here. */
function ScreenTools({ agent }: { readonly agent: Agent }) {
  const perform = usePerform();
  return (
    <>
      <span data-testid="terminal-size" className="font-mono text-n-10 text-xs max-sm:hidden">
        {agent.rows}x{agent.columns}
      </span>
      <Tooltip
        text={
          <>
            Search in the history <Kbd keys="Ctrl \ /" />
          </>
        }
      >
        <Button
          tone="quiet"
          size="iconSm"
          aria-label="Search in the history"
          onClick={() => perform({ kind: "find_in_history" })}
        >
          <Search size={14} aria-hidden />
        </Button>
      </Tooltip>
    </>
  );
}

/** Who this is, how it stands, and what can be done with it. */
export function TerminalHeader({ agent, backTo, writable }: TerminalHeaderProps) {
  const perform = usePerform();
  const mayStop = useMay("agents:kill");
  const mayType = useMay("sessions:input");
  const { alive } = STATES[agent.state];
  const stop = () => perform({ kind: "show", overlay: { kind: "stop", agentId: agent.id } });
  return (
    <header className="flex h-11 shrink-0 items-center gap-2.5 border-b bg-n-3 pr-2 pl-1.5">
      <Tooltip
        text={
          <>
            Back to {backTo} <Kbd keys="Ctrl \ Esc" />
          </>
        }
      >
        <Button
          tone="quiet"
          size="icon"
          aria-label={`Back to ${backTo}`}
          data-testid="back"
          onClick={() => perform({ kind: "leave_terminal" })}
        >
          <ArrowLeft size={16} aria-hidden />
        </Button>
      </Tooltip>
      <StateMark state={agent.state} alive />
      <h1 className="min-w-0 shrink-0 truncate font-semibold text-sm max-sm:shrink">{agent.name}</h1>
      <span className="flex items-center gap-1.5 text-xs">
        <StateWord state={agent.state} />
        <Age sinceUnixS={agent.state_since_unix_s} className="text-n-10" />
      </span>
      <span className="min-w-0 flex-1 truncate text-n-10 text-xs max-sm:invisible" title={doingWords(agent)}>
        {doingWords(agent)}
      </span>
      {alive && !mayType && <ReadOnly />}
      {agent.purpose !== "joined" && <ScreenTools agent={agent} />}
      {writable && (
        <Tooltip
          text={
            <>
              Resize the terminal for everyone <Kbd keys="Ctrl \ F" />
            </>
          }
        >
          <Button size="sm" aria-label="Fit to my window" onClick={() => perform({ kind: "fit_terminal" })}>
            <Fullscreen size={13} aria-hidden />
            <span className="max-md:hidden">Fit to my window</span>
          </Button>
        </Tooltip>
      )}
      {mayStop && (
        <Button size="sm" tone="dangerQuiet" aria-label={alive ? "Stop" : "Remove"} onClick={stop}>
          {alive ? <Square size={12} aria-hidden /> : <Trash2 size={13} aria-hidden />}
          <span className="max-sm:hidden">{alive ? "Stop" : "Remove"}</span>
        </Button>
      )}
      <AgentMenu agent={agent}>
        <Button tone="quiet" size="iconSm" aria-label={`More about ${agent.name}`}>
          <Ellipsis size={15} aria-hidden />
        </Button>
      </AgentMenu>
    </header>
  );
}
