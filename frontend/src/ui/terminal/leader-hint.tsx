import { Kbd } from "../components/kbd";

const AFTER: readonly (readonly [string, string])[] = [
  ["Esc", "Back"],
  ["1…9", "Tile"],
  ["N", "Next that needs me"],
  ["F", "Fit"],
  ["/", "Find"],
  ["K", "Do anything"],
  ["?", "Keys"],
];

/** What the next key does, while the leader waits for it; the keyboard marks the document. */
export function LeaderHint() {
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none absolute inset-x-0 bottom-4 z-20 mx-auto hidden w-fit max-w-[calc(100%-16px)] animate-float-in flex-wrap items-center gap-x-4 gap-y-1 rounded-md border border-n-7 bg-float px-3 py-1.5 text-xs shadow-float in-data-leader:flex"
    >
      {AFTER.map(([keys, meaning]) => (
        <span key={keys} className="flex items-center gap-1.5 text-n-11">
          <Kbd keys={keys} /> {meaning}
        </span>
      ))}
    </div>
  );
}
