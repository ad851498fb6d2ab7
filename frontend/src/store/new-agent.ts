/** The form of a new agent: text as typed, and the request that it makes. */

export interface NewAgentForm {
  readonly profile: string;
  readonly name: string;
  readonly cwd: string;
  readonly rows: string;
  readonly columns: string;
  readonly worktree: boolean;
}

/** Names as in the request, so that the daemon's `field` finds its place. */
export type NewAgentField = keyof NewAgentForm;

export interface NewAgentRequest {
  readonly profile: string;
  readonly name?: string;
  readonly cwd?: string;
  readonly rows?: number;
  readonly columns?: number;
  readonly worktree?: boolean;
}

export type FormReading =
  | { readonly ok: true; readonly request: NewAgentRequest }
  | { readonly ok: false; readonly errors: Partial<Record<NewAgentField, string>> };

/** The limits of a terminal (docs/protocol.md 1.1, resize). */
export const ROWS = { min: 2, max: 500 };
export const COLUMNS = { min: 2, max: 1000 };

function size(text: string, limits: { min: number; max: number }): number | null {
  const number = Number(text);
  return Number.isInteger(number) && number >= limits.min && number <= limits.max ? number : null;
}

/** What is empty is left to the daemon; what cannot be right is said before asking it. */
export function readForm(form: NewAgentForm): FormReading {
  const errors: Partial<Record<NewAgentField, string>> = {};
  const name = form.name.trim();
  const cwd = form.cwd.trim();
  const rows = size(form.rows, ROWS);
  const columns = size(form.columns, COLUMNS);
  if (form.profile === "") errors.profile = "Choose a profile.";
  if (rows === null) errors.rows = `${ROWS.min} to ${ROWS.max}`;
  if (columns === null) errors.columns = `${COLUMNS.min} to ${COLUMNS.max}`;
  if (Object.keys(errors).length > 0 || rows === null || columns === null) return { ok: false, errors };
  return {
    ok: true,
    request: {
      profile: form.profile,
      ...(name === "" ? {} : { name }),
      ...(cwd === "" ? {} : { cwd }),
      rows,
      columns,
      ...(form.worktree ? { worktree: true } : {}),
    },
  };
}
