/** How a cell looks: protocol 1.4. Styles are values; equal styles are mostly, not always, the same object. */

/** null: the theme's default; 0..255: palette index; `RGB_BIT | 0xrrggbb`: truecolour. */
export type Colour = number | null;

export interface Style {
  /** `Flag` bits, and the underline kind in bits 8..10. */
  readonly flags: number;
  readonly foreground: Colour;
  readonly background: Colour;
  readonly underlineColour: Colour;
  /** Target of an OSC 8 hyperlink. */
  readonly link: string | null;
}

export const RGB_BIT = 0x1000000;

export const Flag = {
  bold: 1,
  dim: 2,
  italic: 4,
  blink: 8,
  reverse: 16,
  hidden: 32,
  strikethrough: 64,
  overline: 128,
} as const;

const FLAGS_LIMIT = 1 << 11;
const UNDERLINE_SHIFT = 8;
const UNDERLINE_MASK = 7;

/** 0 none, 1 single, 2 double, 3 curly, 4 dotted, 5 dashed. */
export type Underline = 0 | 1 | 2 | 3 | 4 | 5;
const MAX_UNDERLINE = 5;

/** Characters of a hyperlink's target; longer ones are refused. */
export const MAX_LINK_CHARACTERS = 8192;

/** Styles kept for reuse; past this many the table starts anew (sameness is an optimisation, never a promise). */
const MAX_KEPT_STYLES = 4096;

export const DEFAULT_STYLE: Style = Object.freeze({
  flags: 0,
  foreground: null,
  background: null,
  underlineColour: null,
  link: null,
});

export function underlineOf(style: Style): Underline {
  return ((style.flags >> UNDERLINE_SHIFT) & UNDERLINE_MASK) as Underline;
}

export function sameStyle(a: Style, b: Style): boolean {
  return (
    a === b ||
    (a.flags === b.flags &&
      a.foreground === b.foreground &&
      a.background === b.background &&
      a.underlineColour === b.underlineColour &&
      a.link === b.link)
  );
}

const kept = new Map<string, Style>();

/** Returns one shared object for equal styles, as long as the table holds. */
export function internStyle(style: Style): Style {
  const key = `${style.flags}/${style.foreground}/${style.background}/${style.underlineColour}/${style.link ?? ""}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  if (kept.size >= MAX_KEPT_STYLES) {
    kept.clear();
    kept.set("0/null/null/null/", DEFAULT_STYLE);
  }
  const fresh = Object.freeze({ ...style });
  kept.set(key, fresh);
  return fresh;
}
kept.set("0/null/null/null/", DEFAULT_STYLE);

/** Parses `[flags, foreground, background, underline_colour, link]`, trailing defaults left out; null when malformed. */
export function parseStyle(value: unknown): Style | null {
  if (!Array.isArray(value) || value.length > 5) return null;
  const [flags = 0, foreground = null, background = null, underlineColour = null, link = null] =
    value as readonly unknown[];
  if (!isFlags(flags)) return null;
  if (!isColour(foreground) || !isColour(background) || !isColour(underlineColour)) return null;
  if (link !== null && (typeof link !== "string" || link.length > MAX_LINK_CHARACTERS)) return null;
  return internStyle({ flags, foreground, background, underlineColour, link: link === "" ? null : link });
}

function isFlags(value: unknown): value is number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value >= FLAGS_LIMIT)
    return false;
  return ((value >> UNDERLINE_SHIFT) & UNDERLINE_MASK) <= MAX_UNDERLINE;
}

function isColour(value: unknown): value is Colour {
  if (value === null) return true;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0) return false;
  return value <= 255 || (value >= RGB_BIT && value < RGB_BIT * 2);
}
