import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL(".", import.meta.url));
const MAX_LINES = 400;

/** What each layer may import, besides itself: layers of this page, and packages. */
const LAYERS: Readonly<Record<string, { readonly layers: readonly string[]; readonly packages: RegExp }>> = {
  core: { layers: [], packages: /^@msgpack\/msgpack$/ },
  browser: { layers: ["core"], packages: /^@xterm\/xterm/ },
  store: { layers: ["core"], packages: /^zustand\/vanilla$/ },
  api: { layers: ["core", "store"], packages: /^$/ },
  live: { layers: ["core", "browser", "store", "api"], packages: /^$/ },
  ui: { layers: ["core", "browser", "store", "api", "live"], packages: /^(?!@msgpack|@xterm|next)/ },
  app: { layers: ["ui"], packages: /^(next|react)$/ },
};

interface SourceFile {
  readonly path: string;
  readonly layer: string;
  readonly text: string;
}

function sources(): readonly SourceFile[] {
  return readdirSync(ROOT, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => /\.tsx?$/.test(path) && path.includes("/"))
    .map((path) => ({
      path,
      layer: path.slice(0, path.indexOf("/")),
      text: readFileSync(ROOT + path, "utf8"),
    }));
}

const IMPORT = /^(?:import|export)\s[^;"]*?from\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\("([^"]+)"\)/gm;

function importsOf(text: string): readonly string[] {
  return [...text.matchAll(IMPORT)].map(([, from, bare, lazy]) => from ?? bare ?? lazy ?? "");
}

/** The layer that an import of ours leads to; null for a package. */
function layerOf(file: SourceFile, target: string): string | null {
  if (target.startsWith("@/")) return target.slice(2).split("/")[0] ?? "";
  if (!target.startsWith(".")) return null;
  const folder = new URL(file.path, "file:///").href;
  return new URL(target, folder).pathname.split("/")[1] ?? "";
}

function breaches(file: SourceFile): readonly string[] {
  const rule = LAYERS[file.layer];
  if (rule === undefined) return [`${file.path} is in no layer`];
  return importsOf(file.text)
    .filter((target) => !target.endsWith(".css"))
    .filter((target) => {
      const layer = layerOf(file, target);
      if (layer === null) return !rule.packages.test(target);
      return layer !== file.layer && !rule.layers.includes(layer);
    })
    .map((target) => `${file.path} imports ${target}`);
}

describe("the house of the page", () => {
  const shipped = sources().filter(({ path }) => !/\.test\.tsx?$|fixtures/.test(path));

  test("imports run down only, and packages stay in the layers that own them", () => {
    expect(shipped.flatMap(breaches)).toEqual([]);
  });

  test("no file is longer than the wall", () => {
    const long = sources().filter(({ text }) => text.split("\n").length > MAX_LINES + 1);
    expect(long.map(({ path }) => path)).toEqual([]);
  });
});
