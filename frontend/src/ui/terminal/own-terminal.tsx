import type { ReactNode } from "react";

/** In place of the picture of an agent whose program a person started by hand. */
export function OwnTerminal(): ReactNode {
  return (
    <div
      data-testid="own-terminal"
      className="grid h-full flex-1 place-items-center p-4 text-center text-n-11 text-xs"
    >
      Runs in a terminal of its own
    </div>
  );
}
