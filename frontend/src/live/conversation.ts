/** Carries what the connection tells into the stores, and starts and ends it with the sign-in. */

import type { SessionEvent } from "@/core";
import type { Orchestra } from "./orchestra";

/** Starts the conversation; returns what ends it. */
export function converse(orchestra: Orchestra): () => void {
  const { link, signIn, connection } = orchestra;
  const ends = [
    link.onState((state) => {
      connection.getState().setLink(state.link);
      if (state.roundTripMs !== null) connection.getState().measure(state.roundTripMs);
      if (state.link.phase === "signed_out") orchestra.signOut("expired");
    }),
    link.onEvent((event) => take(orchestra, event)),
    signIn.subscribe((now, before) => {
      if (now.token === null) end(orchestra);
      else if (before.token === null) link.start();
      else link.renew(now.token.accessToken);
    }),
  ];
  if (signIn.getState().token === null) end(orchestra);
  else link.start();
  return () => {
    for (const end of ends) end();
    link.stop();
  };
}

function end({ link, connection }: Orchestra): void {
  link.stop();
  connection.getState().setLink({ phase: "signed_out" });
}

function take(orchestra: Orchestra, event: SessionEvent): void {
  const agents = orchestra.agents.getState();
  switch (event.type) {
    case "hello":
      orchestra.connection.getState().greet(event.hello, orchestra.unixS());
      break;
    case "agents":
      agents.replaceAll(event.agents);
      break;
    case "agent_update":
      agents.put(event.agent);
      break;
    case "agent_removed":
      agents.remove(event.id);
      leaveIfOpen(orchestra, event.sessionId);
      break;
    case "round_trip":
      orchestra.connection.getState().measure(event.roundTripMs);
      break;
    case "refused":
      orchestra.notices.getState().say({ tone: "danger", text: event.error.message });
      break;
    default:
  }
}

function leaveIfOpen(orchestra: Orchestra, sessionId: string): void {
  const { place, go } = orchestra.shell.getState();
  if (place.kind === "terminal" && place.sessionId === sessionId) go({ kind: place.from });
}
