import { classNames } from "./class-names";

const MAC = /Mac|iPhone|iPad/;

/** `Mod` is the key that this machine uses for commands. */
function keyCap(key: string): string {
  if (key !== "Mod") return key;
  return typeof navigator !== "undefined" && MAC.test(navigator.userAgent) ? "⌘" : "Ctrl";
}

/** Keys as caps: `keys` are separated by spaces. */
export function Kbd({ keys, className }: { readonly keys: string; readonly className?: string }) {
  const caps = keys.split(" ").filter((key) => key !== "");
  return (
    <span aria-hidden="true" className={classNames("inline-flex shrink-0 items-center gap-0.5", className)}>
      {caps.map((key, place) => (
        <kbd
          // biome-ignore lint/suspicious/noArrayIndexKey: the same key may come twice, and caps never move
          key={`${key}${place}`}
          suppressHydrationWarning
          className="inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-sm border border-n-7 bg-n-3 px-1 font-sans text-2xs text-n-11 leading-none"
        >
          {keyCap(key)}
        </kbd>
      ))}
    </span>
  );
}
