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

/** Over the place while the picture is not live: what is wrong, what happens next, and the button that hurries it. */
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
      className="absolute inset-x-0 top-0 z-20 flex animate-fade-in items-center justify-center gap-3 border-attention border-b bg-attention-wash px-3 py-1.5 text-attention-text text-xs"
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
