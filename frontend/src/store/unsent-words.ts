/** Words for input that did not reach the terminal. */

import type { UnsentInput } from "@/core";

/** How much of it is shown. */
const SHOWN_CHARACTERS = 60;

const NAMED: Readonly<Record<string, string>> = {
  "\r": "⏎",
  "\n": "⏎",
  "\t": "⇥",
  "\x1b": "␛",
  "\x7f": "⌫",
  " ": " ",
};

function visible(character: string): string {
  const named = NAMED[character];
  if (named !== undefined) return named;
  const code = character.charCodeAt(0);
  return code < 0x20 ? `^${String.fromCharCode(code + 0x40)}` : character;
}

/** The text as one readable line, shortened. */
export function unsentText(inputs: readonly UnsentInput[]): string {
  const text = inputs.map((input) => input.text).join("");
  const shown = [...text].slice(0, SHOWN_CHARACTERS).map(visible).join("");
  return [...text].length > SHOWN_CHARACTERS ? `${shown}…` : shown;
}

/** Why it was not sent, in one sentence; the least certain reason wins. */
export function unsentReason(inputs: readonly UnsentInput[]): string {
  if (inputs.some((input) => input.reason === "unacknowledged")) {
    return "The connection broke; this may not have arrived.";
  }
  if (inputs.some((input) => input.reason === "refused")) return "The daemon refused this.";
  return "There was no connection; this was not sent.";
}
