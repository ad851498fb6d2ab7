/** What the command palette offers: a pure list made from what is there and what this person may do. */

import type { Agent } from "@/core";
import type { Action } from "./action";
import { findBySession, needingPerson, type Roster } from "./agents";
import type { Permission } from "./connection";
import type { Place } from "./place";
import { DENSITIES, type Density, THEMES, type Theme } from "./preferences";
import { doingWords, STATES } from "./state-words";

export type CommandGroup =
  | "Agents"
  | "Stop or remove"
  | "This terminal"
  | "Go to"
  | "Start"
  | "Look"
  | "Help";

export interface Command {
  readonly id: string;
  readonly group: CommandGroup;
  readonly title: string;
  readonly detail?: string;
  readonly keys?: string;
  /** Set where the command is about one agent, so that its mark can be shown. */
  readonly agent?: Agent;
  readonly action: Action;
}

export interface CommandSituation {
  readonly roster: Roster;
  readonly place: Place;
  readonly permissions: readonly string[];
  readonly theme: Theme;
  readonly density: Density;
  readonly screenReader: boolean;
}

const THEME_WORDS: Readonly<Record<Theme, string>> = {
  system: "Theme as the system has it",
  dark: "Dark theme",
  light: "Light theme",
  contrast: "High contrast theme",
};

const DENSITY_WORDS: Readonly<Record<Density, string>> = {
  comfortable: "Comfortable density",
  compact: "Compact density",
};

function openCommands({ roster, place }: CommandSituation): readonly Command[] {
  const here = place.kind === "terminal" ? place.sessionId : null;
  const waiting = needingPerson(roster);
  const others = roster.agents.filter((agent) => !waiting.includes(agent));
  return [...waiting, ...others]
    .filter((agent) => agent.session_id !== here)
    .map((agent) => ({
      id: `open ${agent.session_id}`,
      group: "Agents",
      title: agent.name,
      detail: `${STATES[agent.state].word} · ${doingWords(agent)}`,
      agent,
      action: { kind: "open_terminal", sessionId: agent.session_id },
    }));
}

function terminalCommands({ roster, place, permissions }: CommandSituation): readonly Command[] {
  const agent = place.kind === "terminal" ? findBySession(roster.agents, place.sessionId) : undefined;
  if (agent === undefined) return [];
  const group = "This terminal" as const;
  const leave: Command = {
    id: "leave",
    group,
    title: "Back",
    keys: "Ctrl \\ Esc",
    action: { kind: "leave_terminal" },
  };
  const fit: Command = {
    id: "fit",
    group,
    title: "Fit to my window",
    keys: "Ctrl \\ F",
    action: { kind: "fit_terminal" },
  };
  const find: Command = {
    id: "find",
    group,
    title: "Search in the history",
    keys: "Ctrl \\ /",
    action: { kind: "find_in_history" },
  };
  const mayFit = STATES[agent.state].alive && allows(permissions, "sessions:input");
  return mayFit ? [fit, find, leave] : [find, leave];
}

function stopCommands({ roster, permissions }: CommandSituation): readonly Command[] {
  if (!allows(permissions, "agents:kill")) return [];
  return roster.agents.map((agent) => ({
    id: `stop ${agent.id}`,
    group: "Stop or remove",
    title: `${STATES[agent.state].alive ? "Stop" : "Remove"} ${agent.name}`,
    action: { kind: "show", overlay: { kind: "stop", agentId: agent.id } },
  }));
}

function startCommands({ permissions }: CommandSituation): readonly Command[] {
  const group = "Start" as const;
  const task: Command = {
    id: "new task",
    group,
    title: "Give a task…",
    keys: "T",
    action: { kind: "show", overlay: { kind: "new_task" } },
  };
  const tasks = allows(permissions, "tasks:delegate") ? [task] : [];
  if (!allows(permissions, "agents:spawn")) return tasks;
  return [
    { id: "new terminal", group, title: "New terminal", action: { kind: "new_terminal" } },
    {
      id: "new agent",
      group,
      title: "New agent…",
      keys: "C",
      action: { kind: "show", overlay: { kind: "new_agent" } },
    },
    ...tasks,
    {
      id: "demo",
      group,
      title: "Try the demo",
      detail: "Four scripted agents",
      action: { kind: "start_demo" },
    },
  ];
}

const GO: readonly Command[] = [
  {
    id: "go grid",
    group: "Go to",
    title: "Grid",
    keys: "G G",
    action: { kind: "go", place: { kind: "grid" } },
  },
  {
    id: "go needs",
    group: "Go to",
    title: "Needs me",
    keys: "G N",
    action: { kind: "go", place: { kind: "needs" } },
  },
  {
    id: "go agents",
    group: "Go to",
    title: "Agents",
    keys: "G A",
    action: { kind: "go", place: { kind: "agents" } },
  },
  {
    id: "go tasks",
    group: "Go to",
    title: "Tasks",
    keys: "G T",
    action: { kind: "go", place: { kind: "tasks" } },
  },
  {
    id: "go chat",
    group: "Go to",
    title: "Chat",
    keys: "G C",
    action: { kind: "go", place: { kind: "chat" } },
  },
  {
    id: "next",
    group: "Go to",
    title: "Next agent that needs me",
    keys: "N",
    action: { kind: "next_needs_me" },
  },
];

function lookCommands({ theme, density, screenReader }: CommandSituation): readonly Command[] {
  const group = "Look" as const;
  const themes = THEMES.filter((other) => other !== theme).map(
    (other): Command => ({
      id: `theme ${other}`,
      group,
      title: THEME_WORDS[other],
      action: { kind: "set_theme", theme: other },
    }),
  );
  const densities = DENSITIES.filter((other) => other !== density).map(
    (other): Command => ({
      id: `density ${other}`,
      group,
      title: DENSITY_WORDS[other],
      action: { kind: "set_density", density: other },
    }),
  );
  const rail: Command = {
    id: "rail",
    group,
    title: "Fold or unfold the rail",
    keys: "[",
    action: { kind: "toggle_rail" },
  };
  const reader: Command = {
    id: "screen reader",
    group,
    title: `Turn ${screenReader ? "off" : "on"} terminal text for screen readers`,
    action: { kind: "toggle_screen_reader" },
  };
  return [...themes, ...densities, rail, reader];
}

const HELP: readonly Command[] = [
  {
    id: "keys",
    group: "Help",
    title: "Show the keys",
    keys: "?",
    action: { kind: "show", overlay: { kind: "keys" } },
  },
  { id: "reconnect", group: "Help", title: "Connect again", action: { kind: "reconnect" } },
  { id: "sign out", group: "Help", title: "Sign out in this tab", action: { kind: "sign_out" } },
];

export function allows(permissions: readonly string[], permission: Permission): boolean {
  return permissions.includes(permission);
}

/** Everything on offer, agents that need a person first. */
export function commandList(situation: CommandSituation): readonly Command[] {
  return [
    ...terminalCommands(situation),
    ...openCommands(situation),
    ...startCommands(situation),
    ...GO,
    ...lookCommands(situation),
    ...HELP,
    ...stopCommands(situation),
  ];
}
