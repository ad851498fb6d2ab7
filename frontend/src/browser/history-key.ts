/** What a key does while the history is shown. */

export type HistoryKey =
  | { readonly kind: "scroll"; readonly rows: number }
  | { readonly kind: "page"; readonly pages: number }
  | { readonly kind: "end"; readonly to: "top" | "bottom" }
  /** Search in what has scrolled away. */
  | { readonly kind: "find" }
  /** Somebody else's, or no key by itself. */
  | { readonly kind: "ignore" }
  /** Back to the live terminal. */
  | { readonly kind: "leave" };

const MODIFIERS: ReadonlySet<string> = new Set([
  "Shift",
  "Control",
  "Alt",
  "Meta",
  "CapsLock",
  "AltGraph",
  "Fn",
]);

const SCROLLING: Readonly<Record<string, HistoryKey>> = {
  ArrowUp: { kind: "scroll", rows: -1 },
  ArrowDown: { kind: "scroll", rows: 1 },
  PageUp: { kind: "page", pages: -1 },
  PageDown: { kind: "page", pages: 1 },
  Home: { kind: "end", to: "top" },
  End: { kind: "end", to: "bottom" },
};

export function historyKey(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">): HistoryKey {
  if (MODIFIERS.has(event.key)) return { kind: "ignore" };
  if (event.ctrlKey !== event.metaKey && !event.altKey && event.key.toLowerCase() === "f")
    return { kind: "find" };
  // Copying, the palette, the browser's own keys.
  if (event.ctrlKey || event.metaKey) return { kind: "ignore" };
  return (Object.hasOwn(SCROLLING, event.key) ? SCROLLING[event.key] : undefined) ?? { kind: "leave" };
}
