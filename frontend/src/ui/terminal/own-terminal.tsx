import type { ReactNode } from "react";

/** In place of the picture of an agent whose program a person started by hand; `more` says where the rest of it is. */
export function OwnTerminal({ more = false }: { readonly more?: boolean }): ReactNode {
  return (
    <div
      data-testid="own-terminal"
      className="flex h-full flex-1 flex-col items-center justify-center gap-2 p-4 text-center text-n-11 text-xs"
    >
      <p>Runs in a terminal of its own</p>
      {more && (
        <p className="text-n-10">What it is told and asks is under Chat, what it works at under Tasks.</p>
      )}
    </div>
  );
}
