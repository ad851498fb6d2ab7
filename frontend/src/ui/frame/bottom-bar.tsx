import { Search } from "lucide-react";
import type { ReactNode } from "react";
import { overviewOf } from "@/store/place";
import { classNames } from "../components/class-names";
import { usePerform, useShell } from "../orchestra-context";
import { NeedsCount } from "./needs-count";
import { PLACES } from "./places";

interface BarButtonProps {
  readonly title: string;
  readonly current: boolean;
  readonly onPress: () => void;
  readonly testId?: string;
  readonly children: ReactNode;
}

function BarButton({ title, current, onPress, testId, children }: BarButtonProps) {
  return (
    <li className="flex-1">
      <button
        type="button"
        aria-current={current ? "page" : undefined}
        data-testid={testId}
        onClick={onPress}
        className={classNames(
          "relative flex h-13 w-full flex-col items-center justify-center gap-0.5 text-2xs",
          current ? "text-n-12" : "text-n-10",
        )}
      >
        {children}
        <span>{title}</span>
      </button>
    </li>
  );
}

/** The rail of a phone. */
export function BottomBar() {
  const perform = usePerform();
  const here = useShell((state) => overviewOf(state.place));
  return (
    <nav aria-label="Places" className="shrink-0 border-t bg-n-3 pb-[env(safe-area-inset-bottom)]">
      <ul className="flex">
        {PLACES.map(({ kind, title, icon: Icon }) => (
          <BarButton
            key={kind}
            title={title}
            current={here === kind}
            testId={`place-${kind}`}
            onPress={() => perform({ kind: "go", place: { kind } })}
          >
            <Icon size={19} aria-hidden />
            {kind === "needs" && <NeedsCount className="absolute top-1 left-1/2 ml-1.5" />}
          </BarButton>
        ))}
        <BarButton
          title="More"
          current={false}
          onPress={() => perform({ kind: "show", overlay: { kind: "palette" } })}
        >
          <Search size={19} aria-hidden />
        </BarButton>
      </ul>
    </nav>
  );
}
