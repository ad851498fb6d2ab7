import { describe, expect, it } from "vitest";
import { RGB_BIT } from "../core";
import { ColourTable, paletteRgb } from "./colour-table";

const THEME = {
  palette: Array.from({ length: 16 }, (_, index) => `#0000${index.toString(16).padStart(2, "0")}`),
  foreground: "#ffffff",
  background: "#000000",
  cursor: "#00ff00",
  cursorText: "#000000",
  selection: "#333333",
};

describe("ColourTable", () => {
  it("takes the first sixteen and the defaults from the theme", () => {
    const table = new ColourTable(THEME);
    expect([table.css(9, "x"), table.css(null, "x")]).toEqual(["#000009", "x"]);
  });

  it("knows xterm's cube and greys", () => {
    expect([16, 21, 196, 231, 232, 255].map(paletteRgb)).toEqual([
      [0, 0, 0],
      [0, 0, 255],
      [255, 0, 0],
      [255, 255, 255],
      [8, 8, 8],
      [238, 238, 238],
    ]);
  });

  it("writes truecolour, however many there are", () => {
    const table = new ColourTable(THEME);
    for (let rgb = 0; rgb < 10_000; rgb += 1) {
      expect(table.css(RGB_BIT | rgb, "x")).toBe(`#${rgb.toString(16).padStart(6, "0")}`);
    }
  });
});
