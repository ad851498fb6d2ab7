import { describe, expect, test } from "vitest";
import { type KeyContext, type KeyMode, type KeyPress, type KeyReading, readKey } from "./key-reader";

const PAGE: KeyContext = { focus: "page", terminalOpen: false };
const TERMINAL: KeyContext = { focus: "terminal", terminalOpen: true };
const BESIDE_TERMINAL: KeyContext = { focus: "page", terminalOpen: true };
const TEXT: KeyContext = { focus: "text", terminalOpen: false };
const OVERLAY: KeyContext = { focus: "overlay", terminalOpen: true };

function press(text: string): KeyPress {
  const parts = text.split("-");
  return {
    key: parts.at(-1) ?? "",
    ctrl: parts.includes("ctrl"),
    meta: parts.includes("cmd"),
    alt: parts.includes("alt"),
  };
}

/** Reads presses one after the other; returns the last reading. */
function read(context: KeyContext, ...presses: string[]): KeyReading {
  let reading: KeyReading = { mode: "plain", action: null, taken: false };
  for (const each of presses) reading = readKey(reading.mode, press(each), context);
  return reading;
}

describe("in a terminal that has the focus", () => {
  test.each(["a", "g", "n", "?", "1", "Escape", "Enter", "ctrl-c", "ctrl-d", "alt-f", "ArrowUp", "/", "["])(
    "%s belongs to the program",
    (key) => {
      expect(read(TERMINAL, key)).toMatchObject({ taken: false, action: null });
    },
  );

  test("two Escapes belong to the program", () => {
    expect(read(TERMINAL, "Escape", "Escape")).toMatchObject({ taken: false, action: null });
  });

  test.each(["ctrl-k", "cmd-k", "ctrl-K"])("%s opens the palette", (key) => {
    expect(read(TERMINAL, key)).toMatchObject({
      taken: true,
      action: { kind: "show", overlay: { kind: "palette" } },
    });
  });

  test("the leader is taken and waits for one key", () => {
    expect(read(TERMINAL, "ctrl-\\")).toEqual({ mode: "leader", action: null, taken: true });
  });

  test.each([
    ["Escape", { kind: "leave_terminal" }],
    ["g", { kind: "leave_terminal" }],
    ["3", { kind: "open_tile", index: 2 }],
    ["n", { kind: "next_needs_me" }],
    ["f", { kind: "fit_terminal" }],
    ["?", { kind: "show", overlay: { kind: "keys" } }],
    ["ctrl-\\", { kind: "send_leader" }],
  ])("the leader and %s acts", (key, action) => {
    expect(read(TERMINAL, "ctrl-\\", key)).toEqual({ mode: "plain", action, taken: true });
  });

  test("an unknown key after the leader does nothing and does not reach the program", () => {
    expect(read(TERMINAL, "ctrl-\\", "z")).toEqual({ mode: "plain", action: null, taken: true });
  });

  test("a modifier between the leader and its key changes nothing", () => {
    expect(read(TERMINAL, "ctrl-\\", "Shift", "?").action).toEqual({
      kind: "show",
      overlay: { kind: "keys" },
    });
  });
});

describe("on the page", () => {
  test.each([
    [["1"], { kind: "open_tile", index: 0 }],
    [["9"], { kind: "open_tile", index: 8 }],
    [["n"], { kind: "next_needs_me" }],
    [["c"], { kind: "show", overlay: { kind: "new_agent" } }],
    [["?"], { kind: "show", overlay: { kind: "keys" } }],
    [["g", "g"], { kind: "go", place: { kind: "grid" } }],
    [["g", "n"], { kind: "go", place: { kind: "needs" } }],
    [["g", "a"], { kind: "go", place: { kind: "agents" } }],
  ])("%j acts", (keys, action) => {
    expect(read(PAGE, ...keys)).toEqual({ mode: "plain", action, taken: true });
  });

  test.each(["0", "x", "Enter", "Tab", "ArrowDown", "ctrl-c", "cmd-r", "ctrl-1"])(
    "%s is left alone",
    (key) => {
      expect(read(PAGE, key)).toMatchObject({ taken: false, action: null });
    },
  );

  test("the leader is nothing where no terminal is open", () => {
    expect(read(PAGE, "ctrl-\\")).toMatchObject({ taken: false });
  });

  test("Escape twice leaves a terminal that has no focus, once does not", () => {
    expect(read(BESIDE_TERMINAL, "Escape")).toMatchObject({ mode: "escape", action: null });
    expect(read(BESIDE_TERMINAL, "Escape", "Escape").action).toEqual({ kind: "leave_terminal" });
    expect(read(BESIDE_TERMINAL, "Escape", "x", "Escape").action).toBeNull();
  });
});

test("a text field keeps its letters, and the palette still opens", () => {
  expect(read(TEXT, "n")).toMatchObject({ taken: false, action: null });
  expect(read(TEXT, "1")).toMatchObject({ taken: false, action: null });
  expect(read(TEXT, "ctrl-k").taken).toBe(true);
});

test("an open dialog keeps every key", () => {
  const modes: readonly KeyMode[] = ["plain", "go", "leader", "escape"];
  for (const mode of modes) {
    for (const key of ["n", "ctrl-k", "Escape", "ctrl-\\"]) {
      expect(readKey(mode, press(key), OVERLAY)).toEqual({ mode: "plain", action: null, taken: false });
    }
  }
});
