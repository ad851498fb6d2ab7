/** How far a message has come, in words. */

import type { AgentMessage, MessageState } from "@/core";
import type { Role } from "./state-words";

export interface MessageWords {
  readonly word: string;
  readonly role: Role;
  readonly meaning: string;
}

export const MESSAGE_STATES: Readonly<Record<MessageState, MessageWords>> = {
  queued: {
    word: "Queued",
    role: "neutral",
    meaning: "Stored; it is typed as soon as the agent can take it.",
  },
  pasted: { word: "Pasted", role: "neutral", meaning: "It stands in the program's input; Enter comes next." },
  submitted: {
    word: "Submitted",
    role: "info",
    meaning: "Enter was pressed. The program has not said more.",
  },
  acknowledged: { word: "Acknowledged", role: "success", meaning: "The program said that it took it." },
  failed: { word: "Failed", role: "danger", meaning: "It was not delivered." },
};

/** The order in which states are reached; a message never goes back. */
const ORDER: readonly MessageState[] = ["queued", "pasted", "submitted", "acknowledged", "failed"];

/** The later of two tellings of one message, with all of the text that either has. */
export function newerMessage(held: AgentMessage, told: AgentMessage): AgentMessage {
  const newer = ORDER.indexOf(told.state) >= ORDER.indexOf(held.state) ? told : held;
  if (!newer.is_cut) return newer;
  const whole = [held, told].find((one) => !one.is_cut);
  return whole === undefined ? newer : { ...newer, text: whole.text, is_cut: false };
}
