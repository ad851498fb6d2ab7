import { expect, test } from "vitest";
import { GRID, overviewOf, type Place, parsePlace, placeHash } from "./place";

const SESSION = `sess-${"a2".repeat(13)}`;

const PLACES: readonly Place[] = [
  { kind: "grid" },
  { kind: "needs" },
  { kind: "agents" },
  { kind: "terminal", sessionId: SESSION, from: "grid" },
  { kind: "terminal", sessionId: SESSION, from: "needs" },
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
