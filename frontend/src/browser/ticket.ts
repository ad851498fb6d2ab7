/** The one-time ticket that opens a WebSocket: `POST /api/ws-tickets`. */

import { CLOSE_ABNORMAL, CLOSE_FORBIDDEN, CLOSE_NOT_SIGNED_IN } from "../core";

/** The daemon answers within this or counts as away, ms. */
export const TICKET_TIMEOUT_MS = 10_000;

export type TicketAnswer =
  | { readonly type: "ticket"; readonly ticket: string }
  /** What the refusal means for the connection, as if its socket had closed with this code. */
  | { readonly type: "closed"; readonly code: number; readonly reason: string };

/** Asks for a ticket; resolves whatever happens. `origin` is "" for the page's own. */
export async function requestTicket(origin: string, token: string): Promise<TicketAnswer> {
  try {
    const response = await fetch(`${origin}/api/ws-tickets`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      credentials: "omit",
      cache: "no-store",
      signal: AbortSignal.timeout(TICKET_TIMEOUT_MS),
    });
    if (!response.ok) return refusal(response.status);
    const body: unknown = await response.json();
    const ticket = typeof body === "object" && body !== null && "ticket" in body ? body.ticket : null;
    if (typeof ticket === "string") return { type: "ticket", ticket };
    return { type: "closed", code: CLOSE_ABNORMAL, reason: "The daemon sent no ticket." };
  } catch {
    return { type: "closed", code: CLOSE_ABNORMAL, reason: "The daemon does not answer." };
  }
}

function refusal(status: number): TicketAnswer {
  if (status === 401) return { type: "closed", code: CLOSE_NOT_SIGNED_IN, reason: "" };
  if (status === 403)
    return { type: "closed", code: CLOSE_FORBIDDEN, reason: "You may not watch terminals." };
  return { type: "closed", code: CLOSE_ABNORMAL, reason: `The daemon answered with status ${status}.` };
}

/** Address of the socket for a ticket. */
export function socketAddress(origin: string, ticket: string): string {
  const address = new URL("/ws", origin === "" ? window.location.href : origin);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  address.search = `?ticket=${encodeURIComponent(ticket)}`;
  return address.href;
}
