/** Errors of the HTTP interface as the daemon tells them (application/problem+json, docs/protocol.md section 2). */

export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    /** HTTP status; 0 when the daemon could not be reached at all. */
    readonly status: number,
    readonly code: string,
    message: string,
    /** Name of the input field at fault, where there is one. */
    readonly field: string | null = null,
    readonly requestId: string | null = null,
  ) {
    super(message);
  }
}

export const UNREACHABLE = "unreachable";

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** Reads a problem body; whatever is missing is said in our own words. */
export function parseProblem(status: number, body: unknown): Problem {
  const fields = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const message =
    text(fields["detail"]) ?? text(fields["title"]) ?? `The daemon answered with status ${status}.`;
  return new Problem(
    status,
    text(fields["code"]) ?? `http_${status}`,
    message,
    text(fields["field"]),
    text(fields["request_id"]),
  );
}

export function unreachable(): Problem {
  return new Problem(
    0,
    UNREACHABLE,
    "The daemon does not answer. It may have stopped: start it with orchestra serve.",
  );
}

/** Any thrown thing as a problem, for the edge of the page where errors become words. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(0, "page_error", error instanceof Error ? error.message : String(error));
}
