/**
 * What a key press means, given where the focus is: a pure reader, one table.
 *
 * A terminal that has the focus gets every key but Ctrl/Cmd-K and the leader (Ctrl-\); the key after the leader
 * is ours. Elsewhere single letters act, unless a text field has the focus or a dialog is open.
 */

import type { Action } from "./action";
import { GRID } from "./place";

export interface KeyPress {
  readonly key: string;
  readonly ctrl: boolean;
  readonly meta: boolean;
  readonly alt: boolean;
}

export interface KeyContext {
  /** `terminal`: it takes keys now. `text`: a field. `overlay`: a dialog or menu is open. `page`: anything else. */
  readonly focus: "terminal" | "text" | "overlay" | "page";
  readonly terminalOpen: boolean;
}

/** What was pressed before: nothing, `g`, the leader, or one Escape. */
export type KeyMode = "plain" | "go" | "leader" | "escape";

export interface KeyReading {
  readonly mode: KeyMode;
  readonly action: Action | null;
  /** The press is ours: nobody else may see it. */
  readonly taken: boolean;
}

/** A half-typed sequence is forgotten after this long. */
export const SEQUENCE_TIMEOUT_MS = 1500;

const PALETTE: Action = { kind: "show", overlay: { kind: "palette" } };
const KEYS: Action = { kind: "show", overlay: { kind: "keys" } };

const AFTER_GO: Readonly<Record<string, Action>> = {
  g: { kind: "go", place: GRID },
  n: { kind: "go", place: { kind: "needs" } },
  a: { kind: "go", place: { kind: "agents" } },
  t: { kind: "go", place: { kind: "tasks" } },
  c: { kind: "go", place: { kind: "chat" } },
};

const SINGLE: Readonly<Record<string, Action>> = {
  n: { kind: "next_needs_me" },
  c: { kind: "show", overlay: { kind: "new_agent" } },
  t: { kind: "show", overlay: { kind: "new_task" } },
  f: { kind: "fit_terminal" },
  "?": KEYS,
  "/": PALETTE,
  "[": { kind: "toggle_rail" },
};

const AFTER_LEADER: Readonly<Record<string, Action>> = {
  ...SINGLE,
  "/": { kind: "find_in_history" },
  k: PALETTE,
  g: { kind: "leave_terminal" },
  Escape: { kind: "leave_terminal" },
  "\\": { kind: "send_leader" },
};

const MODIFIERS: ReadonlySet<string> = new Set(["Control", "Shift", "Alt", "Meta", "AltGraph", "CapsLock"]);

function nothing(mode: KeyMode = "plain"): KeyReading {
  return { mode, action: null, taken: false };
}

function taken(action: Action | null, mode: KeyMode = "plain"): KeyReading {
  return { mode, action, taken: true };
}

function tileAction(key: string): Action | null {
  return /^[1-9]$/.test(key) ? { kind: "open_tile", index: Number(key) - 1 } : null;
}

export function isLeader(press: KeyPress): boolean {
  return press.ctrl && !press.meta && !press.alt && press.key === "\\";
}

function isPalette(press: KeyPress): boolean {
  return press.ctrl !== press.meta && !press.alt && press.key.toLowerCase() === "k";
}

/** Reads one press; the caller keeps `mode` and forgets it after `SEQUENCE_TIMEOUT_MS`. */
export function readKey(mode: KeyMode, press: KeyPress, context: KeyContext): KeyReading {
  if (MODIFIERS.has(press.key)) return { mode, action: null, taken: false };
  if (context.focus === "overlay") return nothing();
  if (isPalette(press)) return taken(PALETTE);
  if (mode === "leader") return taken(tileAction(press.key) ?? AFTER_LEADER[press.key] ?? null);
  if (isLeader(press) && context.terminalOpen) return taken(null, "leader");
  if (context.focus !== "page" || press.ctrl || press.meta || press.alt) return nothing();
  return readPlain(mode, press.key, context.terminalOpen);
}

function readPlain(mode: KeyMode, key: string, terminalOpen: boolean): KeyReading {
  if (mode === "go") return taken(AFTER_GO[key] ?? null);
  if (key === "g") return taken(null, "go");
  if (key === "Escape" && terminalOpen) {
    return mode === "escape" ? taken({ kind: "leave_terminal" }) : nothing("escape");
  }
  const action = tileAction(key) ?? SINGLE[key] ?? null;
  return action === null ? nothing() : taken(action);
}

/** The key sheet (`?`), in the order in which it is shown. */
export const KEY_SHEET: readonly {
  readonly title: string;
  readonly keys: readonly (readonly [string, string])[];
}[] = [
  {
    title: "Anywhere",
    keys: [
      ["Mod K", "Search and do anything"],
      ["?", "Show these keys"],
      ["C", "New agent"],
      ["T", "Give a task"],
      ["N", "Next agent that needs me"],
      ["[", "Fold the rail"],
    ],
  },
  {
    title: "Places",
    keys: [
      ["G G", "Grid"],
      ["G N", "Needs me"],
      ["G A", "Agents"],
      ["G T", "Tasks"],
      ["G C", "Chat"],
      ["1 … 9", "Open a tile"],
    ],
  },
  {
    title: "In the grid",
    keys: [
      ["← ↑ ↓ →", "Move between tiles"],
      ["Enter", "Open the tile"],
      ["Delete", "Stop or remove the agent"],
    ],
  },
  {
    title: "In a terminal",
    keys: [
      ["Ctrl \\  Esc", "Back to where you came from"],
      ["Ctrl \\  1 … 9", "Another tile"],
      ["Ctrl \\  N", "Next agent that needs me"],
      ["Ctrl \\  F", "Fit to my window"],
      ["Ctrl \\  /", "Search in the history"],
      ["Ctrl F", "Search, while the history is shown"],
      ["Ctrl \\  K", "Search and do anything"],
      ["Ctrl \\  Ctrl \\", "Send Ctrl \\ to the program"],
      ["Esc Esc", "Back, while the program has no focus"],
    ],
  },
];
