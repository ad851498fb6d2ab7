/** Puts theme and density on the document, and follows the system when the person left it to that. */

import { type NamedTheme, namedTheme, type PreferencesStore } from "@/store/preferences";

const LIGHT = "(prefers-color-scheme: light)";
const CONTRAST = "(prefers-contrast: more)";

export function presentTheme(preferences: PreferencesStore, page: Window): NamedTheme {
  const light = page.matchMedia(LIGHT).matches;
  const contrast = page.matchMedia(CONTRAST).matches;
  return namedTheme(preferences.getState().theme, { light, contrast });
}

/** Calls `onTheme` now and with every change; returns what ends that. */
export function followLook(
  preferences: PreferencesStore,
  page: Window,
  onTheme: (theme: NamedTheme) => void,
): () => void {
  const show = () => {
    const theme = presentTheme(preferences, page);
    page.document.documentElement.dataset["theme"] = theme;
    page.document.documentElement.dataset["density"] = preferences.getState().density;
    onTheme(theme);
  };
  const queries = [page.matchMedia(LIGHT), page.matchMedia(CONTRAST)];
  const ends = [preferences.subscribe(show)];
  for (const query of queries) {
    query.addEventListener("change", show);
    ends.push(() => query.removeEventListener("change", show));
  }
  show();
  return () => {
    for (const end of ends) end();
  };
}
