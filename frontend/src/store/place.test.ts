import { expect, test } from "vitest";
import { GRID, overviewOf, type Place, parsePlace, placeBehind, placeHash } from "./place";

const SESSION = `sess-${"a2".repeat(13)}`;

const PLACES: readonly Place[] = [
  { kind: "grid" },
  { kind: "needs" },
  { kind: "agents" },
  { kind: "terminal", sessionId: SESSION, from: "grid" },
  { kind: "terminal", sessionId: SESSION, from: "needs" },
  { kind: "tasks" },
  { kind: "task", taskId: 17 },
  { kind: "terminal", sessionId: SESSION, from: "tasks" },
  { kind: "chat" },
  { kind: "conversation", sessionId: SESSION },
  { kind: "terminal", sessionId: SESSION, from: "chat" },
];

test.each(PLACES)("the address of a place leads back to it: %o", (place) => {
  expect(parsePlace(placeHash(place))).toEqual(place);
});

test.each(["", "#", "#/", "#/admin", "#code=secret", "#/../etc", "nonsense"])(
  "an address that names no place is the grid: %s",
  (hash) => {
    expect(parsePlace(hash)).toEqual(GRID);
  },
);

test("a session id that is none is left out, the overview stays", () => {
  expect(parsePlace("#/needs/sess-1")).toEqual({ kind: "needs" });
  expect(parsePlace(`#/needs/${SESSION.toUpperCase()}`)).toEqual({ kind: "needs" });
});

test("leaving a terminal leads to where it was opened from", () => {
  expect(overviewOf({ kind: "terminal", sessionId: SESSION, from: "needs" })).toBe("needs");
});

test("a number that is no task's is left out", () => {
  expect(parsePlace("#/tasks/0")).toEqual({ kind: "tasks" });
  expect(parsePlace("#/tasks/1e9")).toEqual({ kind: "tasks" });
  expect(parsePlace("#/grid/17")).toEqual({ kind: "grid" });
});

test("behind a terminal is the conversation or the task that it was opened from", () => {
  const from = (from: "grid" | "tasks" | "chat") => ({ kind: "terminal", sessionId: SESSION, from }) as const;
  expect(placeBehind(from("chat"), null)).toEqual({ kind: "conversation", sessionId: SESSION });
  expect(placeBehind(from("tasks"), 17)).toEqual({ kind: "task", taskId: 17 });
  expect(placeBehind(from("tasks"), null)).toEqual({ kind: "tasks" });
  expect(placeBehind(from("grid"), 17)).toEqual({ kind: "grid" });
});
