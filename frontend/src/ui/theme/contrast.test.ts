import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { TERMINAL_THEMES } from "./terminal-theme";

const CSS = readFileSync(fileURLToPath(new URL("../../app/tokens.css", import.meta.url)), "utf8");
const THEMES = ["dark", "light", "contrast"] as const;
type Tokens = ReadonlyMap<string, number>;

const TEXT = 4.5;
const MARK = 3;

/** Relative luminance (WCAG 2.2) of an OKLCH colour; the matrices are from the CSS Color 4 specification. */
function luminance(lightness: number, chroma: number, hue: number): number {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (value: number) => Math.min(1, Math.max(0, value));
  const red = clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function tokensOf(theme: string): Tokens {
  const block = new RegExp(`\\[data-theme="${theme}"\\] \\{([^}]*)\\}`).exec(CSS)?.[1] ?? "";
  const found = [...block.matchAll(/--([a-z0-9-]+): oklch\(([\d.]+) ([\d.]+) ([\d.]+)\);/g)];
  return new Map(found.map(([, name, l, c, h]) => [name ?? "", luminance(Number(l), Number(c), Number(h))]));
}

function hexLuminance(hex: string): number {
  const linear = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
}

function ratio(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** Pairs of a foreground and a surface that fall short. */
function tooWeak(
  tokens: Tokens,
  names: readonly string[],
  surfaces: readonly string[],
  least: number,
): string[] {
  const weak: string[] = [];
  for (const name of names) {
    for (const surface of surfaces) {
      const [front, back] = [tokens.get(name), tokens.get(surface)];
      if (front === undefined || back === undefined) weak.push(`${name} or ${surface} is missing`);
      else if (ratio(front, back) < least)
        weak.push(`${name} on ${surface}: ${ratio(front, back).toFixed(2)}`);
    }
  }
  return weak;
}

const SURFACES = ["n-1", "n-2", "n-3", "n-4", "n-5", "float"];
const ROLES = ["accent", "info", "success", "attention", "danger"];

describe.each(THEMES)("in the %s theme", (theme) => {
  const tokens = tokensOf(theme);

  test("text is readable on every surface", () => {
    const words = ["n-10", "n-11", "n-12", ...ROLES.map((role) => `${role}-text`)];
    expect(tooWeak(tokens, words, SURFACES, TEXT)).toEqual([]);
  });

  test("words of a role are readable on its wash", () => {
    const weak = ROLES.flatMap((role) =>
      tooWeak(tokens, [`${role}-text`, "n-12", "n-10"], [`${role}-wash`], TEXT),
    );
    expect(weak).toEqual([]);
  });

  test("words on filled buttons and counts are readable", () => {
    expect(tooWeak(tokens, ["on-accent"], ["accent"], TEXT)).toEqual([]);
    expect(tooWeak(tokens, ["on-danger"], ["danger"], TEXT)).toEqual([]);
    expect(tooWeak(tokens, ["n-1"], ["attention", "accent-text"], TEXT)).toEqual([]);
  });

  test("marks, focus rings and the edges of fields are visible", () => {
    expect(
      tooWeak(tokens, [...ROLES, "neutral", "focus", "n-8"], ["n-1", "n-2", "n-3", "float"], MARK),
    ).toEqual([]);
  });

  test("terminal text is readable, and no two of the sixteen colours are the same", () => {
    const { palette, foreground, background, cursor } = TERMINAL_THEMES[theme];
    const back = hexLuminance(background);
    expect(ratio(hexLuminance(foreground), back)).toBeGreaterThan(7);
    expect(ratio(hexLuminance(cursor), back)).toBeGreaterThan(MARK);
    expect(new Set(palette).size).toBe(16);
    const coloured = [...palette.slice(1, 7), ...palette.slice(9, 15)];
    expect(coloured.filter((colour) => ratio(hexLuminance(colour), back) < TEXT)).toEqual([]);
  });
});
