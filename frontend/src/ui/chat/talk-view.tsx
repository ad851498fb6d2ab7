import { ArrowLeft, SquareTerminal } from "lucide-react";
import { useEffect, useLayoutEffect, useRef } from "react";
import type { Agent } from "@/core";
import { saidKey, type Talk } from "@/store/chat";
import { Age } from "../age";
import { AgentMenu } from "../agent-menu";
import { Button } from "../components/button";
import { useOrchestra, usePerform, useTalk } from "../orchestra-context";
import { StateMark, StateWord } from "../state-mark";
import { Composer } from "./composer";
import { SaidEntry } from "./said-entry";

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

function Entries({ talk, sessionId }: { readonly talk: Talk; readonly sessionId: string }) {
  const { talks } = useOrchestra();
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every change of the talk may have made it longer
  useLayoutEffect(() => {
    if (follows.current) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [talk]);
  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = box.current ?? document.body;
    follows.current = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  };
  const empty = talk.known && talk.entries.length === 0 && talk.sending.length === 0;
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
      <div className="mx-auto mt-auto flex w-full max-w-200 flex-col gap-3 p-(--place-pad)">
        {talk.before !== null && (
          <Button
            size="sm"
            tone="quiet"
            className="self-center"
            onClick={() => void talks.loadOlder(sessionId)}
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
        {talk.entries.map((said) => (
          <SaidEntry key={saidKey(said)} said={said} />
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
      <Entries talk={talk} sessionId={agent.session_id} />
      <Composer agent={agent} draft={talk.draft} />
    </section>
  );
}
