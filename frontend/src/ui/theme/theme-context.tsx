import { createContext, useContext } from "react";
import type { NamedTheme } from "@/store/preferences";

/** The theme that is shown, "system" already resolved. */
export const ThemeContext = createContext<NamedTheme>("dark");

export function useNamedTheme(): NamedTheme {
  return useContext(ThemeContext);
}
