import { CircleCheck, CircleSlash, LoaderCircle } from "lucide-react";
import { connectionWords, type Standing } from "@/store/connection";
import { classNames } from "../components/class-names";
import { Tooltip } from "../components/tooltip";
import { useConnection, usePerform } from "../orchestra-context";

const MARKS = { open: CircleCheck, connecting: LoaderCircle, closed: CircleSlash };

const COLOURS: Readonly<Record<Standing, string>> = {
  open: "text-n-11",
  connecting: "text-attention-text",
  closed: "text-danger-text",
};

/** Always there: whether what one sees is live. A click tries again at once. */
export function ConnectionMark() {
  const link = useConnection((state) => state.link);
  const roundTripMs = useConnection((state) => state.roundTripMs);
  const perform = usePerform();
  const { standing, word, meaning } = connectionWords(link);
  const Mark = MARKS[standing];
  return (
    <div className="flex items-center gap-2">
      <Tooltip side="top" text={standing === "open" ? meaning : `${meaning} Press to try now.`}>
        <button
          type="button"
          data-testid="connection"
          data-state={standing}
          onClick={() => standing !== "open" && perform({ kind: "reconnect" })}
          className={classNames("flex items-center gap-1.5 rounded-sm px-1", COLOURS[standing])}
        >
          <Mark
            size={12}
            strokeWidth={2.25}
            aria-hidden
            className={classNames(
              standing === "open" && "text-success",
              standing === "connecting" && "animate-arc",
            )}
          />
          <span role="status">{word}</span>
        </button>
      </Tooltip>
      <span data-testid="latency" className="min-w-9 text-n-10" title="Round trip to the daemon">
        {roundTripMs === null
          ? ""
          : `${roundTripMs < 10 ? roundTripMs.toFixed(1) : Math.round(roundTripMs)} ms`}
      </span>
    </div>
  );
}
