/** Where the person is, and the address that brings them back there after a reload. */

export type Overview = "grid" | "needs" | "agents";

export type Place =
  | { readonly kind: Overview }
  | { readonly kind: "terminal"; readonly sessionId: string; readonly from: Overview };

export const GRID: Place = { kind: "grid" };

const OVERVIEWS: readonly Overview[] = ["grid", "needs", "agents"];
const SESSION = /^sess-[a-z2-7]{26}$/;

function parseOverview(text: string | undefined): Overview | null {
  return OVERVIEWS.find((name) => name === text) ?? null;
}

/** Reads `#/grid`, `#/needs`, `#/agents` or `#/grid/sess-...`; anything else is the grid. */
export function parsePlace(hash: string): Place {
  const [overview, session] = hash.replace(/^#\/?/, "").split("/");
  const kind = parseOverview(overview);
  if (kind === null) return GRID;
  if (session !== undefined && SESSION.test(session))
    return { kind: "terminal", sessionId: session, from: kind };
  return { kind };
}

/** The other way; `parsePlace(placeHash(p))` equals `p`. */
export function placeHash(place: Place): string {
  return place.kind === "terminal" ? `#/${place.from}/${place.sessionId}` : `#/${place.kind}`;
}

/** The overview that a place belongs to: what the rail marks, and where leaving a terminal leads. */
export function overviewOf(place: Place): Overview {
  return place.kind === "terminal" ? place.from : place.kind;
}
