/** Storage for tests: what localStorage and sessionStorage are to the page. */

import type { TextStore } from "./preferences";

export function memoryStore(
  kept: Record<string, string> = {},
): TextStore & { readonly kept: Map<string, string> } {
  const map = new Map(Object.entries(kept));
  return {
    kept: map,
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
    removeItem: (key) => void map.delete(key),
  };
}
