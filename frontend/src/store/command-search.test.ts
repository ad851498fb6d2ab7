import { expect, test } from "vitest";
import { type Command, commandList } from "./command-list";
import { searchCommands } from "./command-search";
import { sampleAgent } from "./sample-agent";

const AGENTS = [
  sampleAgent({ id: "1", session_id: "s1", name: "demo: progress", command: ["bash", "demo-progress"] }),
  sampleAgent({ id: "2", session_id: "s2", name: "api tests", state: "blocked" }),
];

const ALL: readonly Command[] = commandList({
  roster: { agents: AGENTS, stoppedHere: new Set() },
  place: { kind: "grid" },
  permissions: ["sessions:read", "sessions:input", "agents:spawn", "agents:kill"],
  theme: "dark",
  density: "comfortable",
  screenReader: false,
});

function first(typed: string): string | undefined {
  return searchCommands(ALL, typed)[0]?.title;
}

test("nothing typed offers everything in its order", () => {
  expect(searchCommands(ALL, "  ")).toEqual(ALL);
});

test.each([
  ["sign out", "Sign out in this tab"],
  ["light", "Light theme"],
  ["theme li", "Light theme"],
  ["demo", "demo: progress"],
  ["try", "Try the demo"],
  ["API", "api tests"],
  ["stop api", "Stop api tests"],
  ["blocked", "api tests"],
  ["compact", "Compact density"],
])("%j finds %j first", (typed, title) => {
  expect(first(typed)).toBe(title);
});

test("words that are nowhere find nothing, instead of something near", () => {
  expect(searchCommands(ALL, "sgn out")).toEqual([]);
});
