import { classNames } from "../components/class-names";

interface TextBlockProps {
  readonly label: string;
  readonly text: string;
  readonly className?: string;
  readonly testId?: string;
}

/** Text as it came, in its own box; long ones scroll, from the keyboard too. */
export function TextBlock({ label, text, className, testId }: TextBlockProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms, and a section with a name is a landmark
    <div
      role="group"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with keys
      tabIndex={0}
      data-testid={testId}
      className={classNames("max-h-80 overflow-auto rounded-md border bg-n-1 px-2.5 py-2", className)}
    >
      <pre className="whitespace-pre-wrap break-words font-mono text-xs leading-4.5">{text}</pre>
    </div>
  );
}
