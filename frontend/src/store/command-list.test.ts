import { expect, test } from "vitest";
import { type CommandSituation, commandList } from "./command-list";
import { sampleAgents } from "./sample-agent";

const ALL = ["sessions:read", "sessions:input", "agents:spawn", "agents:kill"];

function situation(part: Partial<CommandSituation> = {}): CommandSituation {
  return {
    roster: { agents: sampleAgents("idle", "blocked", "exited"), stoppedHere: new Set() },
    place: { kind: "grid" },
    permissions: ALL,
    theme: "dark",
    density: "compact",
    screenReader: false,
    ...part,
  };
}

function ids(part: Partial<CommandSituation> = {}): readonly string[] {
  return commandList(situation(part)).map((command) => command.id);
}

test("every command has an id of its own", () => {
  expect(new Set(ids()).size).toBe(ids().length);
});

test("agents that need a person come first, who waited longest before the others", () => {
  const names = commandList(situation())
    .filter((command) => command.group === "Agents")
    .map((command) => command.title);
  expect(names).toEqual(["b", "c", "a"]);
});

test("who may only watch is offered nothing that would be refused", () => {
  const offered = ids({ permissions: ["sessions:read"] });
  expect(offered.filter((id) => /^(stop|new|demo|fit)/.test(id))).toEqual([]);
  expect(offered).toContain("go grid");
});

test("the terminal that is open is not offered to be opened, and can be left", () => {
  const [agent] = sampleAgents("idle");
  const place = { kind: "terminal", sessionId: agent?.session_id ?? "", from: "grid" } as const;
  const offered = ids({ place });
  expect(offered).not.toContain(`open ${agent?.session_id}`);
  expect(offered.slice(0, 3)).toEqual(["fit", "find", "leave"]);
});

test("an agent that has ended is offered to be removed, a running one to be stopped", () => {
  const titles = commandList(situation())
    .filter((command) => command.group === "Stop or remove")
    .map((command) => command.title);
  expect(titles).toEqual(["Stop a", "Stop b", "Remove c"]);
});

test("the present theme and density are not offered again", () => {
  expect(ids()).not.toContain("theme dark");
  expect(ids()).not.toContain("density compact");
  expect(ids()).toContain("theme contrast");
});
