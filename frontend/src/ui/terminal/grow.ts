/** Where a terminal came from: its frame opens out of its tile. Only the clip moves, so that nothing is measured wrong. */

const GROW_MS = 140;
const REDUCED = "(prefers-reduced-motion: reduce)";

export function growFromTile(frame: HTMLElement, sessionId: string): void {
  const tile = document.querySelector(`[data-testid="tile-${CSS.escape(sessionId)}"]`);
  if (tile === null || window.matchMedia(REDUCED).matches) return;
  const from = tile.getBoundingClientRect();
  const to = frame.getBoundingClientRect();
  const px = (length: number) => `${Math.max(0, Math.round(length))}px`;
  const inset = [from.top - to.top, to.right - from.right, to.bottom - from.bottom, from.left - to.left];
  frame.animate(
    [
      { clipPath: `inset(${inset.map(px).join(" ")} round 6px)`, opacity: 0.4 },
      { clipPath: "inset(0 round 0)", opacity: 1 },
    ],
    { duration: GROW_MS, easing: "cubic-bezier(0.2, 0.7, 0.2, 1)" },
  );
}
