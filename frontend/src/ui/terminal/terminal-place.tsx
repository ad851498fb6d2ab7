import { type ReactNode, useEffect, useRef } from "react";
import type { Agent } from "@/core";
import type { Overview } from "@/store/place";
import { exitWords, STATES } from "@/store/state-words";
import { Button } from "../components/button";
import { Empty } from "../empty";
import { useAgent, useAgents, useMay, useOrchestra, usePerform } from "../orchestra-context";
import { StateMark } from "../state-mark";
import { AsksStrip } from "./asks-strip";
import { growFromTile } from "./grow";
import { OwnTerminal } from "./own-terminal";
import { TerminalHeader } from "./terminal-header";
import { TerminalView } from "./terminal-view";
import { UnsentBar } from "./unsent-bar";

const BACK_TO: Readonly<Record<Overview, string>> = {
  grid: "the grid",
  needs: "Needs me",
  agents: "Agents",
  tasks: "the task",
  chat: "the chat",
};

function EndedBar({ agent }: { readonly agent: Agent }) {
  const ended = exitWords(agent.exit_status);
  return (
    <div
      role="status"
      data-testid="ended"
      className="flex shrink-0 items-center gap-2.5 border-t bg-n-3 px-3 py-2 text-xs"
    >
      <StateMark state={agent.state} />
      <span className="text-n-11">
        {STATES[agent.state].meaning}
        {ended !== null && <span className="ml-1.5 font-mono text-n-12">{ended}</span>}
      </span>
    </div>
  );
}

function Gone({ backTo }: { readonly backTo: string }): ReactNode {
  const perform = usePerform();
  return (
    <Empty title="This agent is not here any more" text="It was removed, or you may not see it.">
      <Button onClick={() => perform({ kind: "leave_terminal" })}>Back to {backTo}</Button>
    </Empty>
  );
}

/** One terminal in place of the grid: it grows from its tile. */
export function TerminalPlace({ sessionId, from }: { readonly sessionId: string; readonly from: Overview }) {
  const orchestra = useOrchestra();
  const agent = useAgent(sessionId);
  const known = useAgents((state) => state.known);
  const mayType = useMay("sessions:input");
  const frame = useRef<HTMLElement>(null);
  const state = agent?.state;

  useEffect(() => {
    if (frame.current !== null) growFromTile(frame.current, sessionId);
  }, [sessionId]);

  useEffect(() => {
    const { agents, markSeen } = orchestra.agents.getState();
    const opened = agents.find((each) => each.session_id === sessionId);
    if (opened !== undefined && state === "done") markSeen(opened);
  }, [orchestra, sessionId, state]);

  if (agent === undefined) return known ? <Gone backTo={BACK_TO[from]} /> : null;
  const writable = mayType && STATES[agent.state].alive && agent.purpose !== "joined";
  return (
    <section
      ref={frame}
      aria-label={`Terminal of ${agent.name}`}
      data-testid="terminal"
      data-session={sessionId}
      data-state={agent.state}
      className="absolute inset-0 flex flex-col bg-(--terminal-background)"
    >
      <TerminalHeader agent={agent} backTo={BACK_TO[from]} writable={writable} />
      <AsksStrip agentId={agent.id} />
      {agent.purpose === "joined" ? (
        <OwnTerminal more />
      ) : (
        <TerminalView key={sessionId} sessionId={sessionId} writable={writable} />
      )}
      <UnsentBar sessionId={sessionId} />
      {!STATES[agent.state].alive && <EndedBar agent={agent} />}
    </section>
  );
}
