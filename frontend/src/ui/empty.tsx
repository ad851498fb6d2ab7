import type { ReactNode } from "react";

interface EmptyProps {
  readonly title: string;
  readonly text: string;
  readonly children?: ReactNode;
}

/** A place without content: one sentence and the next step. */
export function Empty({ title, text, children }: EmptyProps) {
  return (
    <div
      className="flex h-full flex-col items-center justify-center pb-[8vh] text-center"
      data-testid="empty"
    >
      <h2 className="font-semibold text-lg tracking-tight">{title}</h2>
      <p className="mt-1 max-w-[44ch] text-balance text-n-10">{text}</p>
      <div className="mt-5 flex flex-wrap justify-center gap-2">{children}</div>
    </div>
  );
}
