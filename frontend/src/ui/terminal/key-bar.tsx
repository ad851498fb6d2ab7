import { Mode } from "@/core";
import { BAR_KEYS, type BarKey } from "@/store/key-bar";
import { classNames } from "../components/class-names";
import { useOrchestra } from "../orchestra-context";

interface KeyBarProps {
  readonly sessionId: string;
  /** Ctrl waits for the next key. */
  readonly ctrl: boolean;
  readonly onCtrl: (on: boolean) => void;
}

/** The keys that a phone lacks, above its keyboard. Pressing one keeps the keyboard up. */
export function KeyBar({ sessionId, ctrl, onCtrl }: KeyBarProps) {
  const orchestra = useOrchestra();
  const press = (key: BarKey) => {
    if (key.data === null) return onCtrl(!ctrl);
    const application = (orchestra.link.screen(sessionId).modes & Mode.applicationCursor) !== 0;
    orchestra.terminal?.type(application ? (key.applicationData ?? key.data) : key.data);
    onCtrl(false);
  };
  return (
    <div
      role="toolbar"
      aria-label="Terminal keys"
      data-testid="key-bar"
      className="grid shrink-0 grid-cols-10 gap-0.75 border-t bg-n-3 p-1"
    >
      {BAR_KEYS.map((key) => (
        <button
          key={key.title}
          type="button"
          aria-label={key.spoken}
          aria-pressed={key.data === null ? ctrl : undefined}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => press(key)}
          className={classNames(
            "h-11 min-w-0 rounded-md border border-n-7 bg-n-4 text-n-12 text-xs active:bg-n-5",
            key.data === null && ctrl && "border-accent bg-accent-wash text-accent-text",
          )}
        >
          {key.title}
        </button>
      ))}
    </div>
  );
}
