import { unsentReason, unsentText } from "@/store/unsent-words";
import { Button } from "../components/button";
import { useConnection, useOrchestra } from "../orchestra-context";
import { useUnsentInput } from "./use-unsent-input";

/** Typed, but not arrived: shown as such, sent only when a person says so. */
export function UnsentBar({ sessionId }: { readonly sessionId: string }) {
  const { link } = useOrchestra();
  const unsent = useUnsentInput(sessionId);
  const open = useConnection((state) => state.link.phase === "open");
  if (unsent.length === 0) return null;
  return (
    <div
      role="status"
      data-testid="unsent"
      className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-attention border-t bg-attention-wash px-3 py-1.5 text-attention-text text-xs"
    >
      <span>{unsentReason(unsent)}</span>
      <code className="min-w-0 max-w-full truncate rounded-sm bg-n-1 px-1.5 py-0.5 font-mono text-n-12">
        {unsentText(unsent)}
      </code>
      <span className="ml-auto flex gap-1.5">
        <Button size="sm" disabled={!open} onClick={() => link.sendUnsent(sessionId)}>
          Send now
        </Button>
        <Button size="sm" tone="quiet" onClick={() => link.discardUnsent(sessionId)}>
          Discard
        </Button>
      </span>
    </div>
  );
}
