import { describe, expect, it } from "vitest";
import { Mode } from "../core";
import { WheelKeys } from "./wheel-keys";

const turn = (deltaY: number, deltaMode = 0, shiftKey = false) => ({ deltaY, deltaMode, shiftKey });

describe("WheelKeys", () => {
  it("sends a cursor key for every row, in the form that the program asked for", () => {
    expect(new WheelKeys().take(turn(-60), 0, 20)).toBe("\x1b[A\x1b[A\x1b[A");
    expect(new WheelKeys().take(turn(40), Mode.applicationCursor, 20)).toBe("\x1bOB\x1bOB");
    expect(new WheelKeys().take(turn(3, 1), 0, 20)).toBe("\x1b[B\x1b[B\x1b[B");
  });

  it("adds up what a smooth wheel moves, and begins anew when it turns round", () => {
    const keys = new WheelKeys();
    expect([8, 8, 8, 8].map((px) => keys.take(turn(px), 0, 20))).toEqual(["", "", "\x1b[B", ""]);
    expect(keys.take(turn(-15), 0, 20)).toBe("");
    expect(keys.take(turn(-5), 0, 20)).toBe("\x1b[A");
  });

  it("sends a bounded number for one turn, and nothing for none", () => {
    expect(new WheelKeys().take(turn(5, 2), 0, 20)).toBe("\x1b[B".repeat(10));
    expect(new WheelKeys().take(turn(0), 0, 20)).toBe("");
    expect(new WheelKeys().take(turn(100, 0, true), 0, 20)).toBe("");
    expect(new WheelKeys().take(turn(100), 0, 0)).toBe("");
  });
});
