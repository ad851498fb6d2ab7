import { Hand } from "lucide-react";
import { useShallow } from "zustand/react/shallow";
import type { AgentState } from "@/core";
import { countByState, presentAgents } from "@/store/agents";
import { passes } from "@/store/tasks";
import { Kbd } from "../components/kbd";
import { useAgents, useConnection, usePerform, useTasks } from "../orchestra-context";
import { StateMark } from "../state-mark";
import { ConnectionMark } from "./connection-mark";
import { useNeeds } from "./needs-count";

const COUNTED: readonly (readonly [AgentState, string])[] = [
  ["working", "working"],
  ["waiting_input", "waiting"],
  ["idle", "idle"],
  ["blocked", "blocked"],
  ["failed", "failed"],
  ["exited", "exited"],
  ["lost", "lost"],
];

function AgentCounts() {
  const agents = useAgents(useShallow((state) => presentAgents(state.agents)));
  const counts = countByState(agents);
  return (
    <ul
      aria-label="Agents by state"
      data-testid="counts"
      className="flex items-center gap-3.5 whitespace-nowrap max-sm:hidden"
    >
      {COUNTED.filter(([state]) => counts.has(state)).map(([state, word]) => (
        <li key={state} className="flex items-center gap-1.5">
          <StateMark state={state} className="scale-85" />
          {counts.get(state)} {word}
        </li>
      ))}
    </ul>
  );
}

/** Unlike the counts it is there on a phone as well: it is what calls. */
function Decisions() {
  const perform = usePerform();
  const { decisions } = useNeeds();
  if (decisions === 0) return null;
  return (
    <button
      type="button"
      data-testid="decisions"
      onClick={() => perform({ kind: "go", place: { kind: "needs" } })}
      className="flex items-center gap-1.5 whitespace-nowrap rounded-sm px-1 text-attention-text"
    >
      <Hand size={12} strokeWidth={2.25} aria-hidden />
      {decisions} to decide
    </button>
  );
}

function OpenTasks() {
  const open = useTasks((state) => state.tasks.filter((task) => passes(task, "open")).length);
  if (open === 0) return null;
  return (
    <span data-testid="open-tasks" className="whitespace-nowrap max-sm:hidden">
      {open} {open === 1 ? "task" : "tasks"} open
    </span>
  );
}

/** One quiet line: is it live, who does what, how many tasks are open, which version. */
export function StatusBar() {
  const hello = useConnection((state) => state.hello);
  const perform = usePerform();
  return (
    <footer className="in-data-keyboard:hidden flex h-7 shrink-0 items-center gap-4 overflow-hidden border-t bg-n-3 px-2.5 text-n-11 text-xs">
      <ConnectionMark />
      <AgentCounts />
      <OpenTasks />
      <Decisions />
      <span className="ml-auto" />
      {hello !== null && (
        <span data-testid="version" className="text-n-10 max-sm:hidden">
          v{hello.version}
        </span>
      )}
      <button
        type="button"
        onClick={() => perform({ kind: "show", overlay: { kind: "keys" } })}
        className="flex items-center gap-1.5 rounded-sm px-1 text-n-11 hover:text-n-12 max-sm:hidden"
      >
        Keys <Kbd keys="?" className="[&_kbd]:h-4" />
      </button>
    </footer>
  );
}
