import { describe, expect, it } from "vitest";
import { Line } from "../core";
import { DEFAULT_STYLE } from "../core/style";
import { isPageAddress, linksIn } from "./link";

function lineOf(...parts: (string | readonly string[])[]): Line {
  const line = new Line(80, 1);
  const runs = parts.map((part) =>
    typeof part === "string"
      ? ({ kind: "text", style: DEFAULT_STYLE, text: part } as const)
      : ({ kind: "cells", style: DEFAULT_STYLE, cells: part, width: 2 } as const),
  );
  line.write(0, runs);
  return line;
}

const urls = (text: string) => linksIn(lineOf(text)).map(({ url }) => url);

describe("linksIn", () => {
  it.each([
    ["see https://example.org/a.", ["https://example.org/a"]],
    ["(https://example.org/a_(b))", ["https://example.org/a_(b)"]],
    ["<http://127.0.0.1:8080/x?y=1#z>", ["http://127.0.0.1:8080/x?y=1#z"]],
    ["'https://a.example', \"https://b.example\"", ["https://a.example", "https://b.example"]],
    ["ftp://example.org javascript:alert(1) file:///etc/passwd", []],
    ["https:// nothing", []],
  ])("finds in %j what a person would", (text, expected) => {
    expect(urls(text)).toEqual(expected);
  });

  it("says the columns, also after wide characters", () => {
    expect(linksIn(lineOf(["日", "本"], " https://a.example b"))).toEqual([
      { url: "https://a.example", from: 5, to: 22 },
    ]);
  });
});

describe("isPageAddress", () => {
  it.each(["javascript:alert(1)", "data:text/html,x", "file:///etc", "ssh://host", "//host", "host"])(
    "refuses %s",
    (url) => {
      expect(isPageAddress(url)).toBe(false);
    },
  );
});
