/** The tab's title: where one is, and how many agents and tasks need a person, so that a tab in the back can call. */

import { findBySession, needingPerson } from "@/store/agents";
import { mayI } from "@/store/connection";
import { awaitingApproval } from "@/store/tasks";
import type { Orchestra } from "./orchestra";

const NAME = "Orchestra";

export function pageTitle(orchestra: Pick<Orchestra, "agents" | "connection" | "shell" | "tasks">): string {
  const roster = orchestra.agents.getState();
  const { place } = orchestra.shell.getState();
  const asked = mayI(orchestra.connection.getState(), "tasks:approve")
    ? awaitingApproval(orchestra.tasks.getState().tasks)
    : [];
  const waiting = needingPerson(roster).length + asked.length;
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
  const { agents, connection, shell, tasks } = orchestra;
  const ends = [agents, connection, shell, tasks].map((store) => store.subscribe(show));
  show();
  return () => {
    for (const end of ends) end();
  };
}
