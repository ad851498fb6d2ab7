import { describe, expect, it } from "vitest";
import { type KeyPress, keyAction } from "./terminal-key";

function press(key: string, modifiers = "", more: Partial<KeyPress> = {}): KeyPress {
  return {
    type: "keydown",
    key,
    code: "",
    ctrlKey: modifiers.includes("c"),
    metaKey: modifiers.includes("m"),
    altKey: modifiers.includes("a"),
    shiftKey: modifiers.includes("s"),
    ...more,
  };
}

describe("keyAction", () => {
  it("copies with Ctrl-C or Cmd-C when something is selected, else the key is the terminal's", () => {
    expect(keyAction(press("c", "c"), true).kind).toBe("copy");
    expect(keyAction(press("c", "m"), true).kind).toBe("copy");
    expect(keyAction(press("C", "cs"), true).kind).toBe("copy");
    expect(keyAction(press("c", "c"), false).kind).toBe("terminal");
    expect(keyAction(press("c", "ca"), true).kind).toBe("terminal");
  });

  it("knows the key by its place where the layout has no Latin letters", () => {
    expect(keyAction(press("с", "c", { code: "KeyC" }), true).kind).toBe("copy");
    expect(keyAction(press("j", "c", { code: "KeyC" }), true).kind).toBe("terminal");
  });

  it("leaves pasting to the browser, and Ctrl-V to the terminal", () => {
    expect(keyAction(press("v", "m"), false).kind).toBe("browser");
    expect(keyAction(press("V", "cs"), false).kind).toBe("browser");
    expect(keyAction(press("Insert", "s"), false).kind).toBe("browser");
    expect(keyAction(press("v", "c"), false).kind).toBe("terminal");
  });

  it("makes a new line of Shift-Enter, in every phase of the key", () => {
    for (const type of ["keydown", "keypress", "keyup"]) {
      expect(keyAction(press("Enter", "s", { type }), false)).toEqual({ kind: "send", data: "\x1b\r" });
    }
    expect(keyAction(press("Enter"), false).kind).toBe("terminal");
    expect(keyAction(press("Enter", "cs"), false).kind).toBe("terminal");
  });
});
