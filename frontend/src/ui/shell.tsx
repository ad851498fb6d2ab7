import { overviewOf, type Place as PlaceValue } from "@/store/place";
import { AgentsPlace } from "./agents-place";
import { ChatPlace } from "./chat/chat-place";
import { BottomBar } from "./frame/bottom-bar";
import { LinkStrip } from "./frame/link-strip";
import { Rail } from "./frame/rail";
import { StatusBar } from "./frame/status-bar";
import { OverviewPlace } from "./grid/overview-place";
import { useConnection, useShell, useSignIn } from "./orchestra-context";
import { Overlays } from "./overlay/overlays";
import { SignedOut } from "./signed-out";
import { TasksPlace } from "./tasks/tasks-place";
import { TerminalPlace } from "./terminal/terminal-place";
import { PHONE, useMedia } from "./use-media";

function OverviewOf({ place, shown }: { readonly place: PlaceValue; readonly shown: boolean }) {
  const overview = overviewOf(place);
  switch (overview) {
    case "agents":
      return <AgentsPlace shown={shown} />;
    case "tasks":
      return <TasksPlace shown={shown} opened={place.kind === "task" ? place.taskId : null} />;
    case "chat":
      return (
        <ChatPlace
          shown={shown}
          opened={place.kind === "conversation" || place.kind === "terminal" ? place.sessionId : null}
        />
      );
    default:
      return <OverviewPlace kind={overview} shown={shown} />;
  }
}

function Place() {
  const place = useShell((state) => state.place);
  const shown = place.kind !== "terminal";
  const live = useConnection((state) => state.link.phase === "open");
  return (
    <main data-stale={live ? undefined : ""} className="group/place relative min-h-0 min-w-0 flex-1">
      {shown && <h1 className="sr-only">Orchestra</h1>}
      <OverviewOf place={place} shown={shown} />
      {place.kind === "terminal" && <TerminalPlace sessionId={place.sessionId} from={place.from} />}
      <LinkStrip />
    </main>
  );
}

/** Rail, place, status; on a phone the rail is a bar below. */
export function Shell() {
  const signedOut = useSignIn((state) => state.token === null);
  const phone = useMedia(PHONE);
  const inTerminal = useShell((state) => state.place.kind === "terminal");
  return (
    <>
      <div inert={signedOut} className="flex h-(--app-height,100dvh) flex-col">
        <div className="flex min-h-0 flex-1">
          {!phone && <Rail />}
          <Place />
        </div>
        <StatusBar />
        {phone && !inTerminal && <BottomBar />}
      </div>
      {signedOut ? <SignedOut /> : <Overlays />}
    </>
  );
}
