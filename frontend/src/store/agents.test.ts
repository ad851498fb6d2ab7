import { expect, test } from "vitest";
import {
  countByState,
  createAgentsStore,
  needingPerson,
  nextNeedingPerson,
  presentAgents,
  type Roster,
  seenKey,
} from "./agents";
import { sampleAgent, sampleAgents } from "./sample-agent";

function roster(...states: Parameters<typeof sampleAgents>): Roster {
  return { agents: sampleAgents(...states), stoppedHere: new Set() };
}

test("the page does not say that there are no agents before the daemon has", () => {
  const store = createAgentsStore();
  expect(store.getState().known).toBe(false);
  store.getState().replaceAll([]);
  expect(store.getState().known).toBe(true);
});

test("tiles keep their places: order is the order of creation, whatever order news comes in", () => {
  const store = createAgentsStore();
  const [a, b, c] = sampleAgents("idle", "idle", "idle");
  if (!a || !b || !c) throw new Error("three agents");
  store.getState().replaceAll([c, a]);
  store.getState().put(b);
  store.getState().put({ ...a, state: "working" });
  expect(store.getState().agents.map(({ name, state }) => `${name} ${state}`)).toEqual([
    "a working",
    "b idle",
    "c idle",
  ]);
});

test("an answer that was overtaken by updates changes nothing", () => {
  const store = createAgentsStore();
  const [a, b] = sampleAgents("idle", "starting");
  if (!a || !b) throw new Error("two agents");
  store.getState().put(a);
  store.getState().add({ ...a, state: "starting" });
  store.getState().add(b);
  expect(store.getState().agents.map(({ state }) => state)).toEqual(["idle", "starting"]);
});

test("an agent that did not change keeps its object, so its tile does not render again", () => {
  const store = createAgentsStore();
  const [a, b] = sampleAgents("idle", "idle");
  if (!a || !b) throw new Error("two agents");
  store.getState().replaceAll([a, b]);
  store.getState().put({ ...b, state: "working" });
  expect(store.getState().agents[0]).toBe(a);
});

test("a removed agent is gone, and removing it again changes nothing", () => {
  const store = createAgentsStore();
  store.getState().replaceAll(sampleAgents("idle", "idle"));
  store.getState().remove(`agent-${"a".repeat(26)}`);
  store.getState().remove(`agent-${"a".repeat(26)}`);
  expect(store.getState().agents.map(({ name }) => name)).toEqual(["b"]);
});

test("who waited longest for a person comes first", () => {
  const agents = [
    sampleAgent({ id: "1", state: "failed", state_since_unix_s: 50 }),
    sampleAgent({ id: "2", state: "working", state_since_unix_s: 1 }),
    sampleAgent({ id: "3", state: "blocked", state_since_unix_s: 20 }),
  ];
  expect(needingPerson({ agents, stoppedHere: new Set() }).map(({ id }) => id)).toEqual(["3", "1"]);
});

test("an agent that was stopped from here calls nobody when it has ended", () => {
  const { agents } = roster("exited", "exited");
  const stoppedHere = new Set([agents[0]?.id ?? ""]);
  expect(needingPerson({ agents, stoppedHere }).map(({ name }) => name)).toEqual(["b"]);
});

test("n goes round all agents that need a person", () => {
  const all = roster("blocked", "idle", "lost");
  const first = nextNeedingPerson(all, null);
  const second = nextNeedingPerson(all, first?.session_id ?? null);
  const third = nextNeedingPerson(all, second?.session_id ?? null);
  expect([first?.name, second?.name, third?.name]).toEqual(["a", "c", "a"]);
});

test("n leads nowhere when nobody needs a person", () => {
  expect(nextNeedingPerson(roster("idle", "working"), null)).toBeNull();
});

test("what was seen is seen in that state only", () => {
  const agent = sampleAgent({ state: "done" });
  const store = createAgentsStore();
  store.getState().markSeen(agent);
  expect(store.getState().seen.has(seenKey(agent))).toBe(true);
  expect(store.getState().seen.has(seenKey({ ...agent, state_since_unix_s: 2000 }))).toBe(false);
});

test("agents are counted by state", () => {
  expect([...countByState(sampleAgents("idle", "working", "idle"))]).toEqual([
    ["idle", 2],
    ["working", 1],
  ]);
});

test("an agent that ended with its task calls nobody, one that asks does", () => {
  const [ended, asking] = sampleAgents("failed", "blocked");
  if (!ended || !asking) throw new Error("two agents");
  const agents = [ended, asking].map((agent) => ({ ...agent, purpose: "task" as const, task_id: 7 }));
  expect(needingPerson({ agents, stoppedHere: new Set() })).toEqual([agents[1]]);
});

test("who was started for a task and has ended is told by the task, not shown among those who are here", () => {
  const here = [
    sampleAgent({ name: "talks", state: "exited" }),
    sampleAgent({ name: "works", purpose: "task", state: "working" }),
    sampleAgent({ name: "ended", purpose: "task", state: "exited" }),
  ];
  expect(presentAgents(here).map(({ name }) => name)).toEqual(["talks", "works"]);
});
