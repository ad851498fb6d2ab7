/** Where the person is, and the address that brings them back there after a reload. */

export type Overview = "grid" | "needs" | "agents" | "tasks" | "chat";

export type Place =
  | { readonly kind: Overview }
  | { readonly kind: "task"; readonly taskId: number }
  | { readonly kind: "conversation"; readonly sessionId: string }
  | { readonly kind: "terminal"; readonly sessionId: string; readonly from: Overview };

export const GRID: Place = { kind: "grid" };

const OVERVIEWS: readonly Overview[] = ["grid", "needs", "agents", "tasks", "chat"];
const SESSION = /^sess-[a-z2-7]{26}$/;
const TASK = /^[1-9]\d{0,14}$/;
/** Stands after a session in the chat's address, where the session alone is its conversation. */
const TERMINAL = "terminal";

function parseOverview(text: string | undefined): Overview | null {
  return OVERVIEWS.find((name) => name === text) ?? null;
}

/** Reads `#/grid`, `#/grid/sess-...`, `#/tasks/17`, `#/chat/sess-...` and their like; anything else is the grid. */
export function parsePlace(hash: string): Place {
  const [overview, inside, more] = hash.replace(/^#\/?/, "").split("/");
  const kind = parseOverview(overview);
  if (kind === null) return GRID;
  if (inside === undefined) return { kind };
  if (kind === "tasks" && TASK.test(inside)) return { kind: "task", taskId: Number(inside) };
  if (!SESSION.test(inside)) return { kind };
  if (kind === "chat" && more !== TERMINAL) return { kind: "conversation", sessionId: inside };
  return { kind: "terminal", sessionId: inside, from: kind };
}

/** The other way; `parsePlace(placeHash(p))` equals `p`. */
export function placeHash(place: Place): string {
  switch (place.kind) {
    case "terminal":
      return `#/${place.from}/${place.sessionId}${place.from === "chat" ? `/${TERMINAL}` : ""}`;
    case "task":
      return `#/tasks/${place.taskId}`;
    case "conversation":
      return `#/chat/${place.sessionId}`;
    default:
      return `#/${place.kind}`;
  }
}

/** The overview that a place belongs to: what the rail marks, and where leaving a terminal leads. */
export function overviewOf(place: Place): Overview {
  switch (place.kind) {
    case "terminal":
      return place.from;
    case "task":
      return "tasks";
    case "conversation":
      return "chat";
    default:
      return place.kind;
  }
}

/** Where leaving a place leads; the task is the one that the terminal's agent works on. */
export function placeBehind(place: Place, taskId: number | null): Place {
  if (place.kind === "terminal" && place.from === "chat")
    return { kind: "conversation", sessionId: place.sessionId };
  if (place.kind === "terminal" && place.from === "tasks" && taskId !== null) return { kind: "task", taskId };
  return { kind: overviewOf(place) };
}
