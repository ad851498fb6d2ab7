/** Carries what the connection tells into the stores, and starts and ends it with the sign-in. */

import type { SessionEvent } from "@/core";
import { overviewOf } from "@/store/place";
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
      void orchestra.taskList.load();
      void orchestra.askedList.load();
      void orchestra.talks.refresh();
      break;
    case "agents":
      agents.replaceAll(event.agents);
      break;
    case "agent_update":
      agents.put(event.agent);
      break;
    case "agent_removed":
      agents.remove(event.id);
      orchestra.chat.getState().forget(event.sessionId);
      leaveIfOpen(orchestra, event.sessionId);
      break;
    case "task_update":
      orchestra.taskList.take(event);
      break;
    case "approval_update":
      orchestra.askedList.take(event.approval);
      break;
    case "message_update":
      orchestra.talks.takeMessage(event.message);
      break;
    case "claude_response":
      orchestra.talks.takeReply(event);
      break;
    case "round_trip":
      orchestra.connection.getState().measure(event.roundTripMs);
      break;
    case "refused":
      orchestra.talks.takeRefusal(event.error);
      orchestra.notices.getState().say({ tone: "danger", text: event.error.message });
      break;
    default:
  }
}

function leaveIfOpen(orchestra: Orchestra, sessionId: string): void {
  const { place, go } = orchestra.shell.getState();
  const isOpen = place.kind === "terminal" || place.kind === "conversation";
  if (isOpen && place.sessionId === sessionId) go({ kind: overviewOf(place) });
}
