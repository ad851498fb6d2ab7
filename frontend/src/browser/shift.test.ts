import { describe, expect, it } from "vitest";
import { Line } from "../core";
import { findShift } from "./shift";

const lines = (...versions: number[]) => versions.map((version) => new Line(2, version));

describe("findShift", () => {
  it("finds a screen that scrolled up by one and by two", () => {
    expect(findShift([1, 2, 3, 4, 5], lines(2, 3, 4, 5, 6))).toEqual({ first: 0, last: 4, by: 1 });
    expect(findShift([1, 2, 3, 4, 5], lines(3, 4, 5, 6, 7))).toEqual({ first: 0, last: 3, by: 2 });
  });

  it("finds a region that scrolled down", () => {
    expect(findShift([1, 2, 3, 4, 5, 6], lines(1, 9, 2, 3, 4, 6))).toEqual({ first: 2, last: 5, by: -1 });
  });

  it("takes the longest of several blocks", () => {
    const found = findShift([1, 2, 3, 4, 5, 6, 7, 8, 9], lines(7, 8, 9, 10, 2, 3, 4, 5, 6));
    expect(found).toEqual({ first: 4, last: 9, by: -3 });
  });

  it("leaves alone what stayed, what is new, and what is too little", () => {
    expect(findShift([1, 2, 3], lines(1, 2, 3))).toBeNull();
    expect(findShift([1, 2, 3], lines(4, 5, 6))).toBeNull();
    expect(findShift([1, 2, 3, 4], lines(3, 4, 5, 6))).toBeNull();
    expect(findShift([], lines(1, 2, 3, 4))).toBeNull();
  });

  it("does not copy a row that must be drawn anew", () => {
    expect(findShift([1, 2, -1, 4, 5, 6], lines(2, 3, 4, 5, 6, 7))).toEqual({ first: 2, last: 5, by: 1 });
  });
});
