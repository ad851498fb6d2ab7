import { describe, expect, it } from "vitest";
import { findText } from "./find-text";
import { Line } from "./line";
import { DEFAULT_STYLE } from "./style";

function line(...cells: readonly string[]): Line {
  const made = new Line(cells.length, 0);
  made.write(0, [{ kind: "cells", style: DEFAULT_STYLE, cells, width: 1 }]);
  return made;
}

describe("findText", () => {
  it("finds every place, capitals counting only where the text has some", () => {
    const shown = line(..."Error: error ERROR");
    expect(findText(shown, "error")).toEqual([
      { from: 0, to: 5 },
      { from: 7, to: 12 },
      { from: 13, to: 18 },
    ]);
    expect(findText(shown, "Error")).toEqual([{ from: 0, to: 5 }]);
    expect(findText(shown, "eRror")).toEqual([]);
  });

  it("takes no character for a pattern, and nothing for the empty text", () => {
    expect(findText(line(..."a.c abc"), "a.c")).toEqual([{ from: 0, to: 3 }]);
    expect(findText(line(..."abc"), "")).toEqual([]);
  });

  it("does not let one place begin inside another", () => {
    expect(findText(line(..."aaaa"), "aa")).toEqual([
      { from: 0, to: 2 },
      { from: 2, to: 4 },
    ]);
  });

  it("covers both halves of wide characters, and all of a joined one", () => {
    const shown = line("a", "漢", "", "e\u0301", "b");
    expect(findText(shown, "漢")).toEqual([{ from: 1, to: 3 }]);
    expect(findText(shown, "漢e\u0301b")).toEqual([{ from: 1, to: 5 }]);
    expect(findText(shown, "b")).toEqual([{ from: 4, to: 5 }]);
  });
});
