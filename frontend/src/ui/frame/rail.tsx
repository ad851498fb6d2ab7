import { PanelLeftClose, PanelLeftOpen, Plus, Search } from "lucide-react";
import { overviewOf } from "@/store/place";
import { Button } from "../components/button";
import { classNames } from "../components/class-names";
import { Kbd } from "../components/kbd";
import { Tooltip } from "../components/tooltip";
import { useMay, usePerform, usePreferences, useShell } from "../orchestra-context";
import { useMedia } from "../use-media";
import { Logo } from "./logo";
import { LookMenu } from "./look-menu";
import { NeedsCount } from "./needs-count";
import { PLACES, type PlaceEntry } from "./places";
import { RailAgents } from "./rail-agents";

/** Windows that cannot spare the width for names. */
const TIGHT = "(max-width: 1023px)";

function RailPlace({ entry, narrow }: { readonly entry: PlaceEntry; readonly narrow: boolean }) {
  const perform = usePerform();
  const here = useShell((state) => overviewOf(state.place) === entry.kind);
  const exactly = useShell(
    (state) => state.place.kind !== "terminal" && overviewOf(state.place) === entry.kind,
  );
  const Icon = entry.icon;
  const button = (
    <button
      type="button"
      aria-current={exactly ? "page" : undefined}
      data-testid={`place-${entry.kind}`}
      onClick={() => perform({ kind: "go", place: { kind: entry.kind } })}
      className={classNames(
        "relative flex h-8 w-full items-center gap-2.5 rounded-md px-2 text-n-11 transition-colors duration-100 hover:bg-n-4 hover:text-n-12",
        here && "text-n-12",
        exactly && "bg-n-5",
        narrow && "justify-center px-0",
      )}
    >
      <Icon size={15} aria-hidden className={here ? "text-n-12" : "text-n-10"} />
      <span className={narrow ? "sr-only" : "flex-1 text-left"}>{entry.title}</span>
      {entry.kind === "needs" && (
        <NeedsCount {...(narrow ? { className: "absolute -top-0.5 right-0.5" } : {})} />
      )}
    </button>
  );
  return (
    <li>
      <Tooltip
        side="right"
        text={
          <>
            {entry.title} <Kbd keys={entry.keys} />
          </>
        }
      >
        {button}
      </Tooltip>
    </li>
  );
}

/** Places, agents, and the way to start one. */
export function Rail() {
  const perform = usePerform();
  const folded = usePreferences((state) => state.railNarrow);
  const tight = useMedia(TIGHT);
  const maySpawn = useMay("agents:spawn");
  const narrow = folded || tight;
  const search = () => perform({ kind: "show", overlay: { kind: "palette" } });
  return (
    <header
      data-testid="rail"
      className={classNames("flex min-h-0 shrink-0 flex-col border-r bg-n-3", narrow ? "w-13" : "w-53")}
    >
      <div
        className={classNames(
          "flex h-12 shrink-0 items-center gap-2.5 px-4",
          narrow && "justify-center px-0",
        )}
      >
        <Logo />
        {!narrow && <span className="font-semibold text-md tracking-tight">Orchestra</span>}
      </div>
      <div className="flex shrink-0 flex-col gap-1.5 px-2 pb-3">
        {maySpawn && (
          <Tooltip
            side="right"
            text={
              narrow ? (
                "New agent"
              ) : (
                <>
                  New agent <Kbd keys="C" />
                </>
              )
            }
          >
            <Button
              className={narrow ? "w-9 self-center px-0" : "justify-start px-2"}
              onClick={() => perform({ kind: "show", overlay: { kind: "new_agent" } })}
            >
              <Plus size={15} aria-hidden />
              <span className={narrow ? "sr-only" : undefined}>New agent</span>
            </Button>
          </Tooltip>
        )}
        <Button
          tone="quiet"
          className={narrow ? "w-9 self-center px-0" : "justify-start px-2"}
          onClick={search}
        >
          <Search size={15} aria-hidden className="text-n-10" />
          <span className={narrow ? "sr-only" : "flex-1 text-left"}>Search</span>
          {!narrow && <Kbd keys="Mod K" />}
        </Button>
      </div>
      <nav aria-label="Places" className="shrink-0 px-2">
        <ul className="flex flex-col gap-px">
          {PLACES.map((entry) => (
            <RailPlace key={entry.kind} entry={entry} narrow={narrow} />
          ))}
        </ul>
      </nav>
      <nav aria-label="Agents" className="mx-2 mt-3 min-h-0 flex-1 overflow-y-auto border-t pt-3">
        <RailAgents narrow={narrow} />
      </nav>
      <div className={classNames("flex shrink-0 items-center gap-1 p-2", narrow && "flex-col")}>
        <LookMenu />
        {!tight && (
          <Tooltip
            side="right"
            text={
              <>
                {folded ? "Unfold" : "Fold"} <Kbd keys="[" />
              </>
            }
          >
            <Button
              tone="quiet"
              size="icon"
              className={narrow ? undefined : "ml-auto"}
              aria-label={folded ? "Unfold the rail" : "Fold the rail"}
              onClick={() => perform({ kind: "toggle_rail" })}
            >
              {folded ? <PanelLeftOpen size={15} aria-hidden /> : <PanelLeftClose size={15} aria-hidden />}
            </Button>
          </Tooltip>
        )}
      </div>
    </header>
  );
}
