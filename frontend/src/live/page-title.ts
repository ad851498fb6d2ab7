/** The tab's title: where one is, and how many agents and tasks need a person, so that a tab in the back can call. */

import { findBySession } from "@/store/agents";
import { mayI } from "@/store/connection";
import { countNeeds } from "@/store/needs";
import type { Orchestra } from "./orchestra";

const NAME = "Orchestra";

type Told = Pick<Orchestra, "agents" | "approvals" | "connection" | "shell" | "tasks">;

export function pageTitle(orchestra: Told): string {
  const roster = orchestra.agents.getState();
  const { place } = orchestra.shell.getState();
  const waiting = countNeeds({
    roster,
    tasks: orchestra.tasks.getState().tasks,
    approvals: orchestra.approvals.getState().approvals,
    mayDecide: mayI(orchestra.connection.getState(), "tasks:approve"),
  });
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
  const { agents, approvals, connection, shell, tasks } = orchestra;
  const ends = [agents, approvals, connection, shell, tasks].map((store) => store.subscribe(show));
  show();
  return () => {
    for (const end of ends) end();
  };
}
