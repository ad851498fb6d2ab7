import { StartButtons } from "./start-buttons";

/** The place beside a lonely first terminal: what could stand there. */
export function VacantTile() {
  return (
    <li className="flex flex-col items-center justify-center gap-3 rounded-md border border-n-7 border-dashed p-4 text-center">
      <p className="max-w-[34ch] text-balance text-n-10">
        The demo starts four scripted agents that do small real work. No account needed.
      </p>
      <div className="flex flex-wrap justify-center gap-2">
        <StartButtons />
      </div>
    </li>
  );
}
