import { useSyncExternalStore } from "react";
import { connectionWords } from "@/store/connection";
import { Button } from "../components/button";
import { useConnection, usePerform } from "../orchestra-context";

const TICK_MS = 250;

function onTick(listener: () => void): () => void {
  const timer = setInterval(listener, TICK_MS);
  return () => clearInterval(timer);
}

function Countdown({ untilMs }: { readonly untilMs: number }) {
  const seconds = useSyncExternalStore(onTick, () =>
    Math.max(0, Math.ceil((untilMs - performance.now()) / 1000)),
  );
  return <>{seconds === 0 ? "Trying again now." : `Trying again in ${seconds} s.`}</>;
}

/** Floats low over the place, clear of every header, while the picture is not live: what is wrong, what happens next, and the button that hurries it. */
export function LinkStrip() {
  const link = useConnection((state) => state.link);
  const greeted = useConnection((state) => state.hello !== null);
  const perform = usePerform();
  const again = link.phase === "waiting" || (link.phase === "connecting" && link.attempt > 0);
  if (!again && link.phase !== "refused") return null;
  return (
    <div
      role="status"
      data-testid="link-strip"
      className="absolute inset-x-0 bottom-13 z-20 mx-auto flex w-fit max-w-[calc(100%-16px)] animate-float-in items-center gap-3 rounded-md border border-attention bg-attention-wash py-1.5 pr-1.5 pl-3 text-attention-text text-xs shadow-float"
    >
      <span className="min-w-0">
        {link.phase === "refused" ? connectionWords(link).meaning : "The daemon does not answer."}{" "}
        {greeted && "These are the last pictures. "}
        {link.phase === "waiting" && <Countdown untilMs={link.untilMs} />}
      </span>
      <Button size="sm" onClick={() => perform({ kind: "reconnect" })}>
        Try now
      </Button>
    </div>
  );
}
