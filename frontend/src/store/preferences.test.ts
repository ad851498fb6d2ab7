import { expect, test } from "vitest";
import { memoryStore } from "./memory-store";
import { createPreferencesStore, namedTheme, PREFERENCES_KEY, parsePreferences } from "./preferences";

const DARK = { light: false, contrast: false };

test("preferences survive a reload", () => {
  const storage = memoryStore();
  createPreferencesStore(storage).getState().change({ theme: "light", density: "compact" });
  expect(createPreferencesStore(storage).getState()).toMatchObject({ theme: "light", density: "compact" });
});

test("only preferences are kept, not the functions beside them", () => {
  const storage = memoryStore();
  createPreferencesStore(storage).getState().change({ railNarrow: true });
  expect(Object.keys(JSON.parse(storage.kept.get(PREFERENCES_KEY) ?? "")).sort()).toEqual([
    "density",
    "railNarrow",
    "screenReader",
    "theme",
  ]);
});

test.each([null, "", "nonsense", "7", "null", '{"theme":"pink","density":9}'])(
  "unreadable preferences are the defaults: %j",
  (text) => {
    expect(parsePreferences(text)).toEqual({
      theme: "system",
      density: "comfortable",
      railNarrow: false,
      screenReader: false,
    });
  },
);

test("a chosen theme stands whatever the system prefers", () => {
  expect(namedTheme("dark", { light: true, contrast: true })).toBe("dark");
});

test("the system decides where the person left it to that, more contrast before brightness", () => {
  expect(namedTheme("system", DARK)).toBe("dark");
  expect(namedTheme("system", { light: true, contrast: false })).toBe("light");
  expect(namedTheme("system", { light: true, contrast: true })).toBe("contrast");
});
