import { Check, CheckCheck, CircleDashed, ClipboardPaste, RotateCcw, X } from "lucide-react";
import { memo } from "react";
import type { MessageState } from "@/core";
import { exactTime } from "@/store/age";
import type { Said, SaidMessage, SaidReply } from "@/store/chat";
import { MESSAGE_STATES } from "@/store/message-words";
import { Button } from "../components/button";
import { useMay, useOrchestra, usePerform } from "../orchestra-context";
import { Somebody } from "../somebody";
import { MARK_COLOUR, WORD_COLOUR } from "../state-mark";

const MARKS: Readonly<Record<MessageState, typeof Check>> = {
  queued: CircleDashed,
  pasted: ClipboardPaste,
  submitted: Check,
  acknowledged: CheckCheck,
  failed: X,
};

interface MessageProps {
  readonly said: SaidMessage;
  /** Its agent's program runs: it could be sent again. */
  readonly alive: boolean;
}

function Time({ unixMs }: { readonly unixMs: number }) {
  return (
    <time
      dateTime={new Date(unixMs).toISOString()}
      title={exactTime(unixMs / 1000)}
      className="whitespace-nowrap text-n-10"
    >
      {new Date(unixMs).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", hour12: false })}
    </time>
  );
}

function Delivery({ said, alive }: MessageProps) {
  const { talks } = useOrchestra();
  const maySend = useMay("messages:send");
  const { word, role, meaning } = MESSAGE_STATES[said.state];
  const Mark = MARKS[said.state];
  return (
    <p className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1 text-xs">
      <span className="text-n-10">
        <Somebody id={said.sender} />
      </span>
      <Time unixMs={said.queued_unix_ms} />
      <span
        data-testid="delivery"
        data-state={said.state}
        title={meaning}
        className={`flex items-center gap-1 ${WORD_COLOUR[role]}`}
      >
        <Mark size={13} aria-hidden className={MARK_COLOUR[role]} /> {word}
      </span>
      {said.reason !== "" && <span className="text-n-11">{said.reason}</span>}
      {said.state === "failed" && maySend && alive && (
        <Button size="sm" onClick={() => void talks.resend(said.id)}>
          <RotateCcw size={12} aria-hidden /> Send again
        </Button>
      )}
    </p>
  );
}

function Message({ said, alive }: MessageProps) {
  return (
    <div className="ml-[12%]" data-testid={`message-${said.id}`}>
      <p className="whitespace-pre-wrap break-words rounded-md border bg-n-4 px-3 py-2">
        {said.text}
        {said.is_cut && "…"}
      </p>
      <Delivery said={said} alive={alive} />
    </div>
  );
}

/** Tasks that a reply is about; other actions are of pages to come. */
function taskIds({ actions }: SaidReply): readonly number[] {
  const named = actions.flatMap((action) => (Array.isArray(action["task_ids"]) ? action["task_ids"] : []));
  return named.filter((id): id is number => Number.isSafeInteger(id));
}

function Reply({ said }: { readonly said: SaidReply }) {
  const perform = usePerform();
  return (
    <div className="mr-[12%]" data-testid="reply">
      <p className="whitespace-pre-wrap break-words rounded-md border border-accent bg-n-3 px-3 py-2">
        {said.text}
      </p>
      <p className="mt-1 flex flex-wrap items-center gap-2 text-xs">
        <Time unixMs={said.unix_ms} />
        {taskIds(said).map((id) => (
          <Button
            key={id}
            size="sm"
            onClick={() => perform({ kind: "go", place: { kind: "task", taskId: id } })}
          >
            Look at task {id}
          </Button>
        ))}
      </p>
    </div>
  );
}

/** One thing that was said: by people with how far it has come, by the agent as it stands. */
export const SaidEntry = memo(function SaidEntry({
  said,
  alive,
}: {
  readonly said: Said;
  readonly alive: boolean;
}) {
  return said.kind === "message" ? <Message said={said} alive={alive} /> : <Reply said={said} />;
});
