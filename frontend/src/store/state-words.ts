/** What each state is called, which role colours it, and what it means. Marks are drawn in src/ui/state-mark.tsx. */

import type { Agent, AgentState } from "@/core";

export type Role = "accent" | "info" | "success" | "attention" | "danger" | "neutral";

export interface StateWords {
  readonly word: string;
  readonly role: Role;
  readonly meaning: string;
  /** A person must act: counted in the rail, visited by `n`. */
  readonly needsPerson: boolean;
  /** Its program runs and takes input. */
  readonly alive: boolean;
}

export const STATES: Readonly<Record<AgentState, StateWords>> = {
  starting: {
    word: "Starting",
    role: "neutral",
    meaning: "The program is being started.",
    needsPerson: false,
    alive: true,
  },
  working: {
    word: "Working",
    role: "accent",
    meaning: "The program is busy.",
    needsPerson: false,
    alive: true,
  },
  waiting_input: {
    word: "Waiting",
    role: "info",
    meaning: "Ready for input: it can be typed at.",
    needsPerson: false,
    alive: true,
  },
  blocked: {
    word: "Blocked",
    role: "attention",
    meaning: "It asked something and goes on once a person has answered.",
    needsPerson: true,
    alive: true,
  },
  idle: {
    word: "Idle",
    role: "neutral",
    meaning: "The program runs and nothing has happened for a while.",
    needsPerson: false,
    alive: true,
  },
  done: {
    word: "Done",
    role: "success",
    meaning: "It finished what it was asked to do.",
    needsPerson: false,
    alive: true,
  },
  failed: {
    word: "Failed",
    role: "danger",
    meaning: "The program ended with an error. Its screen and history are still here.",
    needsPerson: true,
    alive: false,
  },
  exited: {
    word: "Exited",
    role: "danger",
    meaning: "The program ended. Its screen and history are still here.",
    needsPerson: true,
    alive: false,
  },
  lost: {
    word: "Lost",
    role: "danger",
    meaning: "The terminal behind it is gone, and its program with it.",
    needsPerson: true,
    alive: false,
  },
};

const SIGNALS: Readonly<Record<number, string>> = {
  1: "hangup",
  2: "interrupt",
  3: "quit",
  6: "abort",
  9: "kill",
  11: "segmentation fault",
  13: "broken pipe",
  15: "terminate",
};
const SIGNAL_BASE = 128;

/** `exit 1`, `signal 9 (kill)`; null while the program runs. Statuses above 128 are signals, as shells have it. */
export function exitWords(exitStatus: number | null): string | null {
  if (exitStatus === null) return null;
  if (exitStatus <= SIGNAL_BASE) return `exit ${exitStatus}`;
  const signal = exitStatus - SIGNAL_BASE;
  const name = SIGNALS[signal];
  return name === undefined ? `signal ${signal}` : `signal ${signal} (${name})`;
}

/** What an agent is doing, for the line beside its name: how it ended, its terminal's title, or its command. */
export function doingWords(agent: Agent): string {
  const ended = exitWords(agent.exit_status);
  if (ended !== null) return ended;
  const title = agent.title.trim();
  if (title !== "" && title !== agent.name) return title;
  return commandLine(agent.command.filter((word) => !agent.id.endsWith(`-${withoutFolder(word)}`)));
}

const INTERPRETERS: ReadonlySet<string> = new Set(["bash", "sh", "python3", "python", "node"]);

/** `tests.sh -x` for `["/bin/bash", "/opt/agents/tests.sh", "-x"]`: no folders, and a script stands for its interpreter. */
export function commandLine(command: readonly string[]): string {
  const words = command.map(withoutFolder);
  const [program = "", script = "-"] = words;
  const runsScript = INTERPRETERS.has(program) && !script.startsWith("-");
  return (runsScript ? words.slice(1) : words).join(" ");
}

function withoutFolder(word: string): string {
  return word.startsWith("/") ? word.replace(/^.*\/(?=.)/, "") : word;
}
