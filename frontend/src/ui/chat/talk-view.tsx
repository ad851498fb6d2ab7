import { ArrowLeft, SquareTerminal } from "lucide-react";
import { useEffect, useMemo, useRef } from "react";
import { useShallow } from "zustand/react/shallow";
import type { Agent } from "@/core";
import type { Talk } from "@/store/chat";
import { isGivenBy } from "@/store/plan";
import { STATES } from "@/store/state-words";
import { type TimelineItem, timeline } from "@/store/timeline";
import { Age } from "../age";
import { AgentMenu } from "../agent-menu";
import { DecidedLine } from "../approvals/approval-card";
import { Approvals, useShownApprovals } from "../approvals/approvals";
import { Button } from "../components/button";
import { useApprovals, useOrchestra, usePerform, useTalk, useTasks } from "../orchestra-context";
import { StateMark, StateWord } from "../state-mark";
import { TaskApprovals, useTasksToApprove } from "../tasks/task-approvals";
import { Composer } from "./composer";
import { SaidEntry } from "./said-entry";
import { TalkTasks } from "./talk-tasks";

/** This close to the end one follows what comes. */
const NEAR_END_PX = 80;

function Header({ agent }: { readonly agent: Agent }) {
  const perform = usePerform();
  return (
    <header className="flex h-11 shrink-0 items-center gap-2.5 border-b bg-n-3 px-3">
      <Button
        tone="quiet"
        size="icon"
        aria-label="All conversations"
        className="-ml-2 md:hidden"
        onClick={() => perform({ kind: "go", place: { kind: "chat" } })}
      >
        <ArrowLeft size={16} aria-hidden />
      </Button>
      <h2 className="min-w-0 truncate font-semibold text-sm">{agent.name}</h2>
      <AgentMenu agent={agent}>
        <button
          type="button"
          aria-label={`Why ${agent.name} is in this state`}
          className="flex items-center gap-1.5 rounded-sm px-1 text-xs hover:bg-n-4"
        >
          <StateMark state={agent.state} alive />
          <StateWord state={agent.state} />
          <Age sinceUnixS={agent.state_since_unix_s} className="text-n-10" />
        </button>
      </AgentMenu>
      <Button
        size="sm"
        className="ml-auto"
        onClick={() => perform({ kind: "open_terminal", sessionId: agent.session_id })}
      >
        <SquareTerminal size={13} aria-hidden /> Terminal
      </Button>
    </header>
  );
}

function extentOf({ scrollHeight, clientHeight }: HTMLElement): string {
  return `${scrollHeight} ${clientHeight}`;
}

function Item({ item, alive }: { readonly item: TimelineItem; readonly alive: boolean }) {
  switch (item.kind) {
    case "said":
      return <SaidEntry said={item.said} alive={alive} />;
    case "tasks":
      return <TalkTasks rows={item.rows} />;
    case "decided":
      return <DecidedLine approval={item.approval} />;
  }
}

/** Everything that happened with one agent; what waits for a decision has its cards at the end. */
function useTimeline(agentId: string, talk: Talk): readonly TimelineItem[] {
  const tasks = useTasks(
    useShallow((state) =>
      state.tasks.filter((row) => isGivenBy(row, agentId) && row.state !== "awaiting_approval"),
    ),
  );
  const decided = useApprovals(
    useShallow(({ approvals, closing }) =>
      approvals.filter(
        ({ id, agent_id, state }) => agent_id === agentId && state !== "waiting" && !closing.has(id),
      ),
    ),
  );
  return useMemo(
    () => timeline({ said: talk.entries, tasks, decided, hasOlder: talk.before !== null }),
    [talk, tasks, decided],
  );
}

function Entries({ talk, agent }: { readonly talk: Talk; readonly agent: Agent }) {
  const { talks } = useOrchestra();
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const extent = useRef("");
  const items = useTimeline(agent.id, talk);
  const asked = useShownApprovals(agent.id);
  const toApprove = useTasksToApprove(agent.id);
  useEffect(() => {
    const node = content.current;
    if (node === null) return;
    const grown = new ResizeObserver(() => {
      if (box.current === null) return;
      if (follows.current) box.current.scrollTo({ top: box.current.scrollHeight });
      extent.current = extentOf(box.current);
    });
    grown.observe(node);
    if (box.current !== null) grown.observe(box.current);
    return () => grown.disconnect();
  }, []);
  const onScroll = () => {
    // A new size moves what is shown as well; only a person's scrolling says what they want to see.
    if (box.current === null || extentOf(box.current) !== extent.current) return;
    const { scrollTop, scrollHeight, clientHeight } = box.current;
    follows.current = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  };
  const empty = talk.known && items.length + talk.sending.length + asked.length + toApprove.length === 0;
  return (
    <div
      ref={box}
      role="log"
      aria-label="What was said"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with keys
      tabIndex={0}
      onScroll={onScroll}
      className="flex min-h-0 flex-1 flex-col overflow-y-auto focus-visible:outline-offset-[-2px]"
    >
      <div ref={content} className="mx-auto mt-auto flex w-full max-w-200 flex-col gap-3 p-(--place-pad)">
        {talk.before !== null && (
          <Button
            size="sm"
            tone="quiet"
            className="self-center"
            onClick={() => void talks.loadOlder(agent.session_id)}
          >
            Show what was said before
          </Button>
        )}
        {talk.problem !== null && (
          <p role="alert" className="text-danger-text">
            {talk.problem}
          </p>
        )}
        {empty && <p className="py-8 text-center text-n-10">Nothing was said yet.</p>}
        {items.map((item) => (
          <Item key={item.key} item={item} alive={STATES[agent.state].alive} />
        ))}
        {talk.sending.map((text, place) => (
          <p
            // biome-ignore lint/suspicious/noArrayIndexKey: the same text may be under way twice, and the first goes first
            key={`${place} ${text}`}
            className="ml-[12%] whitespace-pre-wrap break-words rounded-md border border-dashed px-3 py-2 text-n-11"
          >
            {text}
          </p>
        ))}
        <TaskApprovals rows={toApprove} />
        <Approvals approvals={asked} />
      </div>
    </div>
  );
}

/** The conversation with one agent. */
export function TalkView({ agent }: { readonly agent: Agent }) {
  const { talks } = useOrchestra();
  const talk = useTalk(agent.session_id);
  useEffect(() => void talks.open(agent.session_id), [talks, agent.session_id]);
  return (
    <section aria-label={`Conversation with ${agent.name}`} className="flex h-full min-h-0 flex-col">
      <Header agent={agent} />
      <Entries talk={talk} agent={agent} />
      <Composer agent={agent} draft={talk.draft} />
    </section>
  );
}
