import { describe, expect, it } from "vitest";
import { DEFAULT_STYLE, Flag, RGB_BIT, type Style } from "../core";
import { ColourTable } from "./colour-table";
import { InkTable } from "./ink";

const THEME = {
  palette: new Array<string>(16).fill("#111111"),
  foreground: "#ffffff",
  background: "#000000",
  cursor: "#00ff00",
  cursorText: "#000000",
  selection: "#333333",
};
const FONT = { family: "Mono", weight: 400, boldWeight: 700 };
const METRICS = { width: 9, height: 20, fontPx: 15, baseline: 15 };

const ink = (style: Partial<Style>) =>
  new InkTable(new ColourTable(THEME), FONT, METRICS).of({ ...DEFAULT_STYLE, ...style });

describe("InkTable", () => {
  it("leaves the default background to the screen", () => {
    expect(ink({})).toMatchObject({ foreground: "#ffffff", background: null, alpha: 1, decorated: false });
  });

  it("changes the colours round for reverse, defaults too", () => {
    expect(ink({ flags: Flag.reverse })).toMatchObject({ foreground: "#000000", background: "#ffffff" });
    expect(ink({ flags: Flag.reverse, foreground: RGB_BIT | 0xff })).toMatchObject({
      foreground: "#000000",
      background: "#0000ff",
    });
  });

  it("knows faces, dimness, hiding and lines", () => {
    expect(ink({ flags: Flag.bold | Flag.italic }).font).toBe("italic 700 15px Mono");
    expect(ink({ flags: Flag.dim }).alpha).toBeLessThan(1);
    expect(ink({ flags: Flag.hidden }).hidden).toBe(true);
    expect(ink({ link: "https://example.org" }).decorated).toBe(true);
    expect(ink({ flags: 3 << 8 }).decorated).toBe(true);
  });
});
