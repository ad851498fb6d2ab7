import type { Agent } from "@/core";
import { chatOrder, onlyTalker } from "@/store/chat-order";
import { Age } from "../age";
import { classNames } from "../components/class-names";
import { Empty } from "../empty";
import { EmptyGrid } from "../grid/empty-grid";
import { useAgent, useAgents, usePerform } from "../orchestra-context";
import { StateMark, StateWord } from "../state-mark";
import { TalkView } from "./talk-view";

function AgentChoice({ agent, current }: { readonly agent: Agent; readonly current: boolean }) {
  const perform = usePerform();
  return (
    <li>
      <button
        type="button"
        aria-current={current ? "true" : undefined}
        data-testid={`chat-${agent.session_id}`}
        onClick={() => perform({ kind: "go", place: { kind: "conversation", sessionId: agent.session_id } })}
        className={classNames(
          "flex h-(--row) w-full items-center gap-2.5 rounded-md px-2 text-left text-n-11 hover:bg-n-4 hover:text-n-12 max-sm:h-11",
          current && "bg-n-5 text-n-12",
        )}
      >
        <StateMark state={agent.state} />
        <span className="min-w-0 flex-1 truncate">{agent.name}</span>
        <StateWord state={agent.state} className="text-xs" />
        <Age sinceUnixS={agent.state_since_unix_s} className="w-8 text-right text-2xs text-n-10" />
      </button>
    </li>
  );
}

interface ChatPlaceProps {
  readonly shown: boolean;
  readonly opened: string | null;
}

/** Conversations: the agents, and what was said with the chosen one. */
export function ChatPlace({ shown, opened }: ChatPlaceProps) {
  const agents = useAgents((state) => state.agents);
  const known = useAgents((state) => state.known);
  const open = opened ?? onlyTalker(agents);
  const agent = useAgent(open ?? "");
  const content = () => {
    if (!known) return null;
    if (agents.length === 0) return <EmptyGrid />;
    return (
      <div className="flex h-full min-h-0">
        <nav
          aria-label="Conversations"
          className={classNames(
            "w-68 shrink-0 overflow-y-auto border-r p-2 max-md:w-full max-md:border-r-0",
            opened !== null && "max-md:hidden",
          )}
        >
          <ul aria-label="Agents to talk to" className="flex flex-col gap-px">
            {chatOrder(agents, opened).map((each) => (
              <AgentChoice key={each.id} agent={each} current={each.session_id === open} />
            ))}
          </ul>
        </nav>
        <div className={classNames("min-h-0 min-w-0 flex-1", opened === null && "max-md:hidden")}>
          {agent === undefined ? (
            <Empty
              title={open === null ? "Choose an agent" : "This agent is not here any more"}
              text="What you write is typed into its terminal with Enter, and you see how far it has come."
            />
          ) : (
            <TalkView key={agent.id} agent={agent} />
          )}
        </div>
      </div>
    );
  };
  return (
    <section
      aria-label="Chat"
      data-testid="chat"
      inert={!shown}
      className={classNames("absolute inset-0", !shown && "invisible")}
    >
      {content()}
    </section>
  );
}
