"use client";

import { useEffect, useState } from "react";
import { converse } from "@/live/conversation";
import { followKeys } from "@/live/keyboard";
import { Orchestra } from "@/live/orchestra";
import { followLook, presentTheme } from "@/live/page-look";
import { followTitle } from "@/live/page-title";
import { followAddress } from "@/live/place-address";
import { openProbe } from "@/live/probe";
import { keepSignedIn } from "@/live/renewal";
import { followViewport } from "@/live/viewport";
import type { NamedTheme } from "@/store/preferences";
import { TooltipProvider } from "./components/tooltip";
import { Notices } from "./notices";
import { OrchestraProvider } from "./orchestra-context";
import { Shell } from "./shell";
import { TERMINAL_THEMES } from "./theme/terminal-theme";
import { ThemeContext } from "./theme/theme-context";

const TOOLTIP_DELAY_MS = 500;

function assemble(): Orchestra {
  return new Orchestra({
    origin: "",
    host: location.hostname,
    hash: location.hash,
    local: localStorage,
    session: sessionStorage,
    unixS: () => Date.now() / 1000,
  });
}

/** Everything that follows the world outside of React; returns what ends it. */
function follow(orchestra: Orchestra, onTheme: (theme: NamedTheme) => void): () => void {
  openProbe(orchestra, window);
  const ends = [
    followLook(orchestra.preferences, window, onTheme),
    followAddress(orchestra.shell, window),
    followTitle(orchestra, window),
    followViewport(window),
    followKeys(orchestra, window),
    converse(orchestra),
    keepSignedIn(orchestra),
  ];
  return () => {
    for (const end of ends) end();
  };
}

function Assembled({ orchestra }: { readonly orchestra: Orchestra }) {
  const [theme, setTheme] = useState(() => presentTheme(orchestra.preferences, window));
  useEffect(() => follow(orchestra, setTheme), [orchestra]);
  useEffect(() => {
    const root = document.documentElement;
    root.style.setProperty("--terminal-background", TERMINAL_THEMES[theme].background);
  }, [theme]);
  return (
    <ThemeContext value={theme}>
      <OrchestraProvider orchestra={orchestra}>
        <TooltipProvider delayDuration={TOOLTIP_DELAY_MS}>
          <Shell />
          <Notices />
        </TooltipProvider>
      </OrchestraProvider>
    </ThemeContext>
  );
}

/** The page. It is made in the browser only: what it shows depends on this tab's sign-in. */
export function App() {
  const [orchestra, setOrchestra] = useState<Orchestra | null>(null);
  useEffect(() => setOrchestra(assemble()), []);
  return orchestra === null ? null : <Assembled orchestra={orchestra} />;
}
