/** What this browser remembers about how the page should look. Kept in localStorage; public/theme.js reads the same key. */

import { createStore, type StoreApi } from "zustand/vanilla";

export type Theme = "system" | "dark" | "light" | "contrast";
export type Density = "comfortable" | "compact";
export type NamedTheme = Exclude<Theme, "system">;

export interface Preferences {
  readonly theme: Theme;
  readonly density: Density;
  /** The rail shows marks only. */
  readonly railNarrow: boolean;
  /** The opened terminal keeps a text copy for screen readers. */
  readonly screenReader: boolean;
}

export interface PreferencesState extends Preferences {
  readonly change: (part: Partial<Preferences>) => void;
}

export type PreferencesStore = StoreApi<PreferencesState>;

/** The part of `Storage` that is used. */
export interface TextStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export const PREFERENCES_KEY = "orchestra.preferences";
export const THEMES: readonly Theme[] = ["system", "dark", "light", "contrast"];
export const DENSITIES: readonly Density[] = ["comfortable", "compact"];

const DEFAULTS: Preferences = {
  theme: "system",
  density: "comfortable",
  railNarrow: false,
  screenReader: false,
};

/** Reads kept preferences; whatever is missing or unknown takes its default. */
export function parsePreferences(text: string | null): Preferences {
  let kept: unknown;
  try {
    kept = JSON.parse(text ?? "{}");
  } catch {
    return DEFAULTS;
  }
  if (typeof kept !== "object" || kept === null) return DEFAULTS;
  const { theme, density, railNarrow, screenReader } = kept as Record<string, unknown>;
  return {
    theme: THEMES.find((known) => known === theme) ?? DEFAULTS.theme,
    density: DENSITIES.find((known) => known === density) ?? DEFAULTS.density,
    railNarrow: railNarrow === true,
    screenReader: screenReader === true,
  };
}

/** The theme to show, given what the system prefers. */
export function namedTheme(
  theme: Theme,
  system: { readonly light: boolean; readonly contrast: boolean },
): NamedTheme {
  if (theme !== "system") return theme;
  if (system.contrast) return "contrast";
  return system.light ? "light" : "dark";
}

export function createPreferencesStore(storage: TextStore): PreferencesStore {
  return createStore<PreferencesState>((set, get) => ({
    ...parsePreferences(storage.getItem(PREFERENCES_KEY)),
    change: (part) => {
      set(part);
      const { theme, density, railNarrow, screenReader } = get();
      storage.setItem(PREFERENCES_KEY, JSON.stringify({ theme, density, railNarrow, screenReader }));
    },
  }));
}
