import { useEffect, useRef } from "react";
import { TileScreen } from "@/live/tile-screen";
import { useOrchestra } from "../orchestra-context";
import { TERMINAL_FONT, TERMINAL_THEMES } from "../theme/terminal-theme";
import { useNamedTheme } from "../theme/theme-context";

/** How far outside of the window a tile already counts as in sight, so that scrolling meets live pictures. */
const SIGHT_MARGIN = "160px";

interface TileCanvasProps {
  readonly sessionId: string;
  /** The overview is on top; a grid behind an opened terminal is not. */
  readonly shown: boolean;
}

/** The live picture. Cells never pass through React: it only makes and ends the TileScreen. */
export function TileCanvas({ sessionId, shown }: TileCanvasProps) {
  const orchestra = useOrchestra();
  const theme = TERMINAL_THEMES[useNamedTheme()];
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const screen = useRef<TileScreen>(null);
  const firstTheme = useRef(theme);

  useEffect(() => {
    if (canvas.current === null) return;
    const look = { theme: firstTheme.current, font: TERMINAL_FONT };
    const made = new TileScreen(orchestra, canvas.current, sessionId, look);
    screen.current = made;
    return () => {
      screen.current = null;
      made.dispose();
    };
  }, [orchestra, sessionId]);

  useEffect(() => {
    firstTheme.current = theme;
    screen.current?.setTheme(theme);
  }, [theme]);

  useEffect(() => {
    const node = box.current;
    if (node === null) return;
    const size = new ResizeObserver(([entry]) => {
      if (entry !== undefined) screen.current?.setBox(entry.contentRect.width, entry.contentRect.height);
    });
    const sight = new IntersectionObserver(
      ([entry]) => screen.current?.setInSight(shown && entry?.isIntersecting === true),
      { rootMargin: SIGHT_MARGIN },
    );
    size.observe(node);
    sight.observe(node);
    return () => {
      size.disconnect();
      sight.disconnect();
    };
  }, [shown]);

  return (
    <div
      ref={box}
      aria-hidden="true"
      className="relative h-full w-full overflow-hidden group-data-stale/place:opacity-60"
    >
      <canvas ref={canvas} className="absolute top-0 left-0" />
    </div>
  );
}
