import { useSyncExternalStore } from "react";

/** Whether a media query holds, alive. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = window.matchMedia(query);
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    () => window.matchMedia(query).matches,
    () => false,
  );
}

/** A phone held upright, or a window as narrow as one. */
export const PHONE = "(max-width: 639px)";
