import { ChevronDown, ChevronUp, Hand } from "lucide-react";
import { useId, useState } from "react";
import { askWords } from "@/store/approval";
import { DecidedLine } from "../approvals/approval-card";
import { Approvals, useShownApprovals } from "../approvals/approvals";
import { Button } from "../components/button";

/** What the opened agent asks, in a line under its header. The card unfolds over the screen, which keeps its size. */
export function AsksStrip({ agentId }: { readonly agentId: string }) {
  const approvals = useShownApprovals(agentId);
  const [open, setOpen] = useState(false);
  const id = useId();
  const first = approvals.find(({ state }) => state === "waiting");
  const last = approvals.at(-1);
  if (last === undefined) return null;
  if (first === undefined) {
    return (
      <div data-testid="asks-strip" role="status" className="shrink-0 border-b bg-n-3 px-3 py-2">
        <DecidedLine approval={last} />
      </div>
    );
  }
  return (
    <div
      data-testid="asks-strip"
      className="relative z-20 shrink-0 border-attention border-b-2 bg-attention-wash text-xs"
    >
      <div className="flex items-center gap-2 px-3 py-1.5 text-attention-text">
        <Hand size={14} strokeWidth={2.25} aria-hidden className="shrink-0" />
        <span className="inline-block whitespace-nowrap first-letter:uppercase">{askWords(first)}</span>
        <span className="min-w-0 flex-1 truncate font-mono text-n-12">{first.title}</span>
        <Button size="sm" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
          {open ? <ChevronUp size={13} aria-hidden /> : <ChevronDown size={13} aria-hidden />}
          {open ? "Fold" : "Answer"}
        </Button>
      </div>
      <div
        id={id}
        hidden={!open}
        className="absolute inset-x-0 top-full mx-auto mt-0.5 max-h-[60vh] w-full max-w-200 overflow-y-auto rounded-b-md bg-float p-2 text-sm shadow-float"
      >
        {open && <Approvals approvals={approvals} inTerminal />}
      </div>
    </div>
  );
}
