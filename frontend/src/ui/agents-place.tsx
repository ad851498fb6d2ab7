import { useState } from "react";
import type { Agent } from "@/core";
import { presentAgents } from "@/store/agents";
import { personName } from "@/store/person-name";
import { doingWords } from "@/store/state-words";
import { Age } from "./age";
import { Button } from "./components/button";
import { classNames } from "./components/class-names";
import { EmptyGrid } from "./grid/empty-grid";
import { useAgents, usePerform } from "./orchestra-context";
import { StateMark, StateWord } from "./state-mark";

const HEAD = "h-8 px-3 text-left font-normal text-n-10 text-xs whitespace-nowrap";
const CELL = "h-(--row) px-3 whitespace-nowrap";

function AgentRow({ agent }: { readonly agent: Agent }) {
  const perform = usePerform();
  return (
    <tr className="group border-t hover:bg-n-4">
      <td className={CELL}>
        <span className="flex items-center gap-2">
          <StateMark state={agent.state} />
          <StateWord state={agent.state} />
        </span>
      </td>
      <th scope="row" className={classNames(CELL, "text-left font-medium")}>
        <button
          type="button"
          className="rounded-sm underline-offset-2 hover:underline"
          onClick={() => perform({ kind: "open_terminal", sessionId: agent.session_id })}
        >
          {agent.name}
        </button>
      </th>
      <td className={classNames(CELL, "w-full max-w-0 truncate text-n-11")}>{doingWords(agent)}</td>
      <td className={classNames(CELL, "text-right text-n-11")}>
        <Age sinceUnixS={agent.state_since_unix_s} />
      </td>
      <td className={classNames(CELL, "text-n-11 max-md:hidden")}>{agent.profile}</td>
      <td className={classNames(CELL, "font-mono text-n-11 text-xs max-md:hidden")}>
        {agent.rows}x{agent.columns}
      </td>
      <td
        className={classNames(CELL, "max-w-64 truncate font-mono text-n-11 text-xs max-lg:hidden")}
        title={agent.cwd}
      >
        {agent.cwd}
      </td>
      <td className={classNames(CELL, "text-n-11 max-lg:hidden")}>{personName(agent.owner)}</td>
    </tr>
  );
}

/** All agents as a table: for many of them, and for what a tile has no room for. */
export function AgentsPlace({ shown }: { readonly shown: boolean }) {
  const agents = useAgents((state) => state.agents);
  const known = useAgents((state) => state.known);
  const [all, setAll] = useState(false);
  const present = presentAgents(agents);
  const ended = agents.length - present.length;
  return (
    <section
      aria-label="Agents"
      inert={!shown}
      className={classNames("absolute inset-0 overflow-auto p-(--place-pad)", !shown && "invisible")}
    >
      {known && agents.length === 0 ? (
        <EmptyGrid />
      ) : (
        <div className="overflow-x-auto rounded-md border bg-n-3">
          <table className="w-full border-collapse" data-testid="agents-table">
            <thead>
              <tr>
                <th className={HEAD}>State</th>
                <th className={HEAD}>Name</th>
                <th className={HEAD}>Doing</th>
                <th className={classNames(HEAD, "text-right")}>For</th>
                <th className={classNames(HEAD, "max-md:hidden")}>Profile</th>
                <th className={classNames(HEAD, "max-md:hidden")}>Size</th>
                <th className={classNames(HEAD, "max-lg:hidden")}>Folder</th>
                <th className={classNames(HEAD, "max-lg:hidden")}>Owner</th>
              </tr>
            </thead>
            <tbody>
              {(all ? agents : present).map((agent) => (
                <AgentRow key={agent.id} agent={agent} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {ended > 0 && (
        <Button size="sm" tone="quiet" className="mt-2" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? "Hide" : "Show"} {ended} that {ended === 1 ? "has" : "have"} ended with their task
        </Button>
      )}
    </section>
  );
}
