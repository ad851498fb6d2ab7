/** The tab's title: where one is, and how many agents need a person, so that a tab in the back can call. */

import { findBySession, needingPerson } from "@/store/agents";
import type { Orchestra } from "./orchestra";

const NAME = "Orchestra";

export function pageTitle(orchestra: Pick<Orchestra, "agents" | "shell">): string {
  const roster = orchestra.agents.getState();
  const { place } = orchestra.shell.getState();
  const waiting = needingPerson(roster).length;
  const open = place.kind === "terminal" ? findBySession(roster.agents, place.sessionId) : undefined;
  const title = open === undefined ? NAME : `${open.name} · ${NAME}`;
  return waiting === 0 ? title : `(${waiting}) ${title}`;
}

/** Keeps the document's title right; returns what ends that. */
export function followTitle(orchestra: Orchestra, page: Window): () => void {
  const show = () => {
    const title = pageTitle(orchestra);
    if (page.document.title !== title) page.document.title = title;
  };
  const ends = [orchestra.agents.subscribe(show), orchestra.shell.subscribe(show)];
  show();
  return () => {
    for (const end of ends) end();
  };
}
