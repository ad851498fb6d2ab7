import { useCallback, useSyncExternalStore } from "react";
import type { UnsentInput } from "@/core";
import { useOrchestra } from "../orchestra-context";

/** Input of this terminal that did not arrive, alive. */
export function useUnsentInput(sessionId: string): readonly UnsentInput[] {
  const { link } = useOrchestra();
  const subscribe = useCallback(
    (listener: () => void) =>
      link.onEvent((event) => {
        if (event.type === "input" && event.sessionId === sessionId) listener();
      }),
    [link, sessionId],
  );
  const read = () => {
    const unsent = link.unsentInput(sessionId);
    return unsent.length === 0 ? NOTHING : unsent;
  };
  return useSyncExternalStore(subscribe, read);
}

const NOTHING: readonly UnsentInput[] = [];
