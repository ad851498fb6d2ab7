import { ArrowDown } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { TAKES_KEYS } from "@/live/keyboard";
import { TerminalScreen } from "@/live/terminal-screen";
import { Button } from "../components/button";
import { useOrchestra, usePreferences } from "../orchestra-context";
import { TERMINAL_FONT, TERMINAL_THEMES } from "../theme/terminal-theme";
import { useNamedTheme } from "../theme/theme-context";
import { PHONE, useMedia } from "../use-media";
import { HistorySearchBar } from "./history-search-bar";
import { KeyBar } from "./key-bar";
import { LeaderHint } from "./leader-hint";

interface TerminalViewProps {
  readonly sessionId: string;
  readonly writable: boolean;
}

/** xterm.js in its box. React makes and ends it; cells and keys pass it by. */
export function TerminalView({ sessionId, writable }: TerminalViewProps) {
  const orchestra = useOrchestra();
  const theme = TERMINAL_THEMES[useNamedTheme()];
  const phone = useMedia(PHONE);
  const screenReader = usePreferences((state) => state.screenReader);
  const box = useRef<HTMLDivElement>(null);
  const screen = useRef<TerminalScreen>(null);
  const first = useRef({ theme, writable });
  const [history, setHistory] = useState(false);
  const [ctrl, setCtrl] = useState(false);
  const [link, setLink] = useState<string | null>(null);
  const [finding, setFinding] = useState(false);

  useEffect(() => {
    if (box.current === null) return;
    const made = new TerminalScreen(orchestra, box.current, sessionId, {
      ...first.current,
      font: TERMINAL_FONT,
      onHistory: (shown) => {
        setHistory(shown);
        if (!shown) setFinding(false);
      },
      onFind: () => setFinding(true),
      onLink: setLink,
      onControlUsed: () => setCtrl(false),
    });
    screen.current = made;
    made.focus();
    return () => {
      screen.current = null;
      made.dispose();
    };
  }, [orchestra, sessionId]);

  useEffect(() => {
    first.current = { theme, writable };
    screen.current?.setTheme(theme);
    screen.current?.setWritable(writable);
  }, [theme, writable]);

  useEffect(() => screen.current?.setScreenReader(screenReader), [screenReader]);

  const changeCtrl = (on: boolean) => {
    setCtrl(on);
    screen.current?.setControl(on);
  };

  return (
    <>
      <div className="relative min-h-0 flex-1 bg-(--terminal-background)">
        <div className="absolute inset-0 overflow-hidden">
          <div
            ref={box}
            data-testid="terminal-screen"
            className="absolute inset-2 group-data-stale/place:opacity-60 max-sm:inset-1"
            {...(writable ? { [TAKES_KEYS]: "" } : {})}
          />
        </div>
        {link !== null && (
          <p
            data-testid="link-address"
            className="absolute bottom-0 left-0 z-10 max-w-full truncate rounded-tr-md border-t border-r bg-n-4 px-2 py-1 font-mono text-n-11 text-xs"
          >
            {link}
          </p>
        )}
        <LeaderHint />
        {finding && (
          <HistorySearchBar
            onSearch={async (text) => (await screen.current?.search(text)) ?? null}
            onStep={(older) => screen.current?.step(older) ?? null}
            onClose={() => {
              setFinding(false);
              screen.current?.endSearch();
            }}
          />
        )}
        {history && (
          <Button
            size="sm"
            data-testid="leave-history"
            className="absolute right-4 bottom-3 z-10 shadow-float"
            onClick={() => screen.current?.leaveHistory()}
          >
            <ArrowDown size={13} aria-hidden /> Back to live
          </Button>
        )}
      </div>
      {phone && writable && <KeyBar sessionId={sessionId} ctrl={ctrl} onCtrl={changeCtrl} />}
    </>
  );
}
