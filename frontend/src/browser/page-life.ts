/** The life of a page in its browser: seen or hidden, asleep, off the network. */

export interface PageLifeListener {
  /** Somebody sees the page, or nobody does. */
  readonly visible: (visible: boolean) => void;
  /** The page slept or the network changed: connections may be dead, or possible again. */
  readonly doubt: () => void;
}

export function isPageVisible(): boolean {
  return document.visibilityState === "visible";
}

/** Returns what ends it. */
export function watchPageLife(listener: PageLifeListener): () => void {
  const ended = new AbortController();
  const { signal } = ended;
  const onVisibility = () => {
    listener.visible(isPageVisible());
    if (isPageVisible()) listener.doubt();
  };
  document.addEventListener("visibilitychange", onVisibility, { signal });
  document.addEventListener("resume", () => listener.doubt(), { signal });
  window.addEventListener("pageshow", (event) => event.persisted && listener.doubt(), { signal });
  window.addEventListener("online", () => listener.doubt(), { signal });
  return () => ended.abort();
}
