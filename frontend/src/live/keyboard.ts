/** Reads every key before anything else does, and performs what is ours. */

import { type KeyContext, type KeyMode, readKey, SEQUENCE_TIMEOUT_MS } from "@/store/key-reader";
import type { Orchestra } from "./orchestra";
import { perform } from "./perform";

/** Set on the element of an opened terminal while the program in it takes keys. */
export const TAKES_KEYS = "data-takes-keys";
const OVERLAYS = '[role="dialog"],[role="alertdialog"],[role="menu"]';
const TEXT = "input,textarea,select,[contenteditable]";

function focusOf(orchestra: Orchestra, focused: Element | null): KeyContext["focus"] {
  if (orchestra.shell.getState().overlay !== null || focused?.closest(OVERLAYS)) return "overlay";
  if (focused?.closest(`[${TAKES_KEYS}]`)) return "terminal";
  // A terminal that takes no keys has a text field of xterm.js inside, yet nothing can be typed there.
  if (focused?.closest(TEXT) && !focused.closest('[data-testid="terminal-screen"]')) return "text";
  return "page";
}

/** Listens on the whole page; returns what ends that. */
export function followKeys(orchestra: Orchestra, page: Window): () => void {
  let mode: KeyMode = "plain";
  let timer: ReturnType<typeof setTimeout> | undefined;
  const setMode = (next: KeyMode) => {
    clearTimeout(timer);
    mode = next;
    page.document.documentElement.toggleAttribute("data-leader", next === "leader");
    if (next !== "plain") timer = setTimeout(() => setMode("plain"), SEQUENCE_TIMEOUT_MS);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing || orchestra.signIn.getState().token === null) return;
    const { key, ctrlKey: ctrl, metaKey: meta, altKey: alt } = event;
    const reading = readKey(
      mode,
      { key, ctrl, meta, alt },
      {
        focus: focusOf(orchestra, page.document.activeElement),
        terminalOpen: orchestra.shell.getState().place.kind === "terminal",
      },
    );
    if (reading.mode !== mode || reading.mode !== "plain") setMode(reading.mode);
    if (reading.taken) {
      event.preventDefault();
      event.stopPropagation();
    }
    if (reading.action !== null) perform(orchestra, reading.action);
  };
  page.addEventListener("keydown", onKeyDown, { capture: true });
  return () => {
    clearTimeout(timer);
    page.removeEventListener("keydown", onKeyDown, { capture: true });
  };
}
