import { useSyncExternalStore } from "react";
import { exactTime, formatAge } from "@/store/age";
import { classNames } from "./components/class-names";
import { useOrchestra } from "./orchestra-context";

const TICK_MS = 1000;

/** One timer for all ages on the page; it stops when none is shown. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function onTick(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** How long ago, alive: it renders again only when its words change. Exact on hover. */
export function Age({ sinceUnixS, className }: { readonly sinceUnixS: number; readonly className?: string }) {
  const orchestra = useOrchestra();
  const seconds = () => orchestra.serverUnixS() - sinceUnixS;
  const words = useSyncExternalStore(onTick, () => formatAge(seconds()));
  return (
    <time
      dateTime={new Date(sinceUnixS * 1000).toISOString()}
      title={exactTime(sinceUnixS)}
      className={classNames("whitespace-nowrap", className)}
    >
      {words}
    </time>
  );
}
