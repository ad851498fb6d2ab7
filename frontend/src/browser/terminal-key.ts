/** Keys that mean something other than xterm.js thinks. */

export type KeyAction =
  /** xterm.js translates it. */
  | { readonly kind: "terminal" }
  /** The browser's own: it pastes, and the paste comes back as an event. */
  | { readonly kind: "browser" }
  | { readonly kind: "copy" }
  | { readonly kind: "send"; readonly data: string };

export type KeyPress = Pick<
  KeyboardEvent,
  "type" | "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey"
>;

/**
 * A new line without sending: what Meta-Enter sends. Claude Code, Codex and their like take it as "new line" (their
 * own terminal set-up binds Shift-Enter to it), and readline does nothing with it, whereas a bare line feed would
 * submit in a shell.
 */
const META_ENTER = "\x1b\r";

const TERMINAL: KeyAction = { kind: "terminal" };

/** Decides about a keydown, keypress or keyup. */
export function keyAction(event: KeyPress, hasSelection: boolean): KeyAction {
  if (isShiftEnter(event)) return { kind: "send", data: META_ENTER };
  if (event.type !== "keydown") return TERMINAL;
  const command = event.ctrlKey !== event.metaKey && !event.altKey;
  if (command && hasSelection && isLetter(event, "c")) return { kind: "copy" };
  if (command && isLetter(event, "v") && (event.metaKey || event.shiftKey)) return { kind: "browser" };
  if (event.shiftKey && event.key === "Insert") return { kind: "browser" };
  return TERMINAL;
}

function isShiftEnter(event: KeyPress): boolean {
  return event.key === "Enter" && event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey;
}

/** By the letter that the layout gives; by the key's place where the layout has no Latin letters. */
function isLetter(event: KeyPress, letter: "c" | "v"): boolean {
  if (/^[\x20-\x7e]$/.test(event.key)) return event.key.toLowerCase() === letter;
  return event.code === `Key${letter.toUpperCase()}`;
}
