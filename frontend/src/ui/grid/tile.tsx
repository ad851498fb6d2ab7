import { memo, type ReactNode, useRef } from "react";
import type { Agent } from "@/core";
import { seenKey } from "@/store/agents";
import { askWords } from "@/store/approval";
import { doingWords, STATES } from "@/store/state-words";
import { Age } from "../age";
import { useFirstAsked } from "../approvals/approvals";
import { classNames } from "../components/class-names";
import { useAgents, usePerform, useShell } from "../orchestra-context";
import { StateMark, StateWord } from "../state-mark";
import { OwnTerminal } from "../terminal/own-terminal";
import { TileActions } from "./tile-actions";
import { TileCanvas } from "./tile-canvas";

interface TileProps {
  readonly agent: Agent;
  readonly place: number;
  readonly selected: boolean;
  readonly shown: boolean;
}

/** The border is the state; drawn over the screen so that no state moves anything. */
const BORDERS: Readonly<Record<string, string>> = {
  starting: "after:border after:border-dashed after:border-n-8",
  working: "after:border after:border-accent/60",
  waiting_input: "after:border after:border-info/70",
  blocked: "after:border-2 after:border-attention",
  idle: "after:border after:border-n-6",
  done: "after:border after:border-n-6",
  failed: "after:border-2 after:border-danger",
  exited: "after:border-2 after:border-danger",
  lost: "after:border-2 after:border-danger",
};

function TileHeader({ agent }: { readonly agent: Agent }) {
  const asked = useFirstAsked(agent.id);
  return (
    <header className="flex h-(--tile-head) shrink-0 items-center gap-2 bg-n-3 px-2.5 text-xs">
      <StateMark state={agent.state} alive />
      <span className="max-w-[45%] shrink-0 truncate font-medium text-n-12 text-sm">{agent.name}</span>
      {asked === undefined ? (
        <span className="min-w-0 flex-1 truncate text-n-10" title={doingWords(agent)}>
          {doingWords(agent)}
        </span>
      ) : (
        <span
          data-testid="tile-asks"
          className="min-w-0 flex-1 truncate text-attention-text"
          title={`${agent.name} ${askWords(asked)}: ${asked.title}`}
        >
          {asked.title}
        </span>
      )}
      <span className="flex shrink-0 items-center gap-1.5 [@media(hover:hover)]:group-focus-within:invisible [@media(hover:hover)]:group-hover:invisible [@media(hover:hover)]:group-has-[[data-state=open]]:invisible">
        {agent.purpose !== "joined" && (
          <span className="hidden font-mono text-2xs text-n-10 @[20rem]:inline">
            {agent.rows}x{agent.columns}
          </span>
        )}
        <StateWord state={agent.state} />
        <Age sinceUnixS={agent.state_since_unix_s} className="min-w-7 text-right text-n-10" />
      </span>
    </header>
  );
}

function spoken(agent: Agent): string {
  const size =
    agent.purpose === "joined" ? "in a terminal of its own" : `${agent.rows} rows, ${agent.columns} columns`;
  return `${agent.name}, ${STATES[agent.state].word.toLowerCase()}, ${doingWords(agent)}, ${size}`;
}

/** One agent in the grid: opens with a click or Enter, shows its actions while it is pointed at or focused. */
export const Tile = memo(function Tile({ agent, place, selected, shown }: TileProps): ReactNode {
  const perform = usePerform();
  const select = useShell((state) => state.select);
  const seen = useAgents((state) => state.seen.has(seenKey(agent)));
  const item = useRef<HTMLLIElement>(null);
  return (
    <li
      ref={item}
      data-testid={`tile-${agent.session_id}`}
      data-state={agent.state}
      data-size={`${agent.rows}x${agent.columns}`}
      className={classNames(
        "group @container relative flex min-w-0 flex-col overflow-hidden rounded-md bg-(--terminal-background) outline-offset-2",
        "after:pointer-events-none after:absolute after:inset-0 after:rounded-md",
        "has-[>[data-tile]:focus-visible]:outline-2 has-[>[data-tile]:focus-visible]:outline-focus",
        BORDERS[agent.state],
        agent.state === "done" && seen && "opacity-75",
      )}
    >
      <button
        type="button"
        data-tile={agent.session_id}
        tabIndex={selected ? 0 : -1}
        aria-label={spoken(agent)}
        aria-keyshortcuts={place < 9 ? String(place + 1) : undefined}
        className="absolute inset-0 z-1 outline-none"
        onFocus={() => select(agent.session_id)}
        onClick={() => perform({ kind: "open_terminal", sessionId: agent.session_id })}
      />
      <TileHeader agent={agent} />
      <div className="min-h-0 flex-1 p-1.5">
        {agent.purpose === "joined" ? (
          <OwnTerminal />
        ) : (
          <TileCanvas sessionId={agent.session_id} shown={shown} />
        )}
      </div>
      <TileActions agent={agent} place={place} reachable={selected} />
    </li>
  );
});
