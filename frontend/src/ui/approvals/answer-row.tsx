import type { ReactNode } from "react";

/** The buttons of a card; on a phone they share its width. */
export function AnswerRow({ children }: { readonly children: ReactNode }) {
  return (
    <div className="mt-3 flex flex-wrap gap-2 max-sm:[&>button]:h-10 max-sm:[&>button]:flex-1">
      {children}
    </div>
  );
}
