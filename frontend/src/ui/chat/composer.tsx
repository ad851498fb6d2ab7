import { SendHorizontal } from "lucide-react";
import { type KeyboardEvent, useId } from "react";
import type { Agent } from "@/core";
import { isShell } from "@/store/chat-order";
import { STATES } from "@/store/state-words";
import { Button } from "../components/button";
import { TextArea } from "../components/field";
import { useConnection, useMay, useOrchestra } from "../orchestra-context";

/** The composer grows with what is written, up to this many rows. */
const MAX_ROWS = 8;

const KEYS = "Enter sends, Shift Enter begins a new line.";
const SHELL_KEYS = "This is a shell: it runs what you send, and does not answer here.";

/** Why nothing can be sent; null: it can. */
function useHindrance(agent: Agent): string | null {
  const maySend = useMay("messages:send");
  const live = useConnection((state) => state.link.phase === "open");
  if (!maySend) return "You may read this conversation, not write in it.";
  if (!STATES[agent.state].alive) return "Its program has ended; nobody reads what is sent.";
  return live ? null : "There is no connection; what you write here is kept.";
}

/** Text for an agent. Enter sends, Shift-Enter begins a new line. */
export function Composer({ agent, draft }: { readonly agent: Agent; readonly draft: string }) {
  const { chat, talks } = useOrchestra();
  const id = useId();
  const hindrance = useHindrance(agent);
  const send = () => {
    if (hindrance === null) void talks.send(agent.session_id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form
      aria-label={`Write to ${agent.name}`}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      className="shrink-0 border-t bg-n-3"
    >
      <div className="mx-auto flex w-full max-w-200 items-end gap-2 px-(--place-pad) pt-2.5">
        <label htmlFor={id} className="sr-only">
          Message to {agent.name}
        </label>
        <TextArea
          id={id}
          data-testid="composer"
          aria-describedby={`${id}-below`}
          rows={Math.min(MAX_ROWS, draft.split("\n").length)}
          placeholder={isShell(agent) ? "Write a command" : "Write a message"}
          value={draft}
          onChange={(event) => chat.getState().write(agent.session_id, event.target.value)}
          onKeyDown={onKeyDown}
          className="resize-none"
        />
        <Button type="submit" tone="primary" disabled={hindrance !== null || draft.trim() === ""}>
          <SendHorizontal size={14} aria-hidden /> Send
        </Button>
      </div>
      <p id={`${id}-below`} className="mx-auto w-full max-w-200 px-(--place-pad) pt-1 pb-2 text-n-10 text-xs">
        {hindrance ?? (isShell(agent) ? SHELL_KEYS : KEYS)}
      </p>
    </form>
  );
}
