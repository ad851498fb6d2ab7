/** The keys that a phone's keyboard lacks, as a terminal sends them. */

export interface BarKey {
  readonly title: string;
  readonly spoken: string;
  /** Sent as it is; null for Ctrl, which changes the next key. */
  readonly data: string | null;
  /** For arrows: what is sent instead while the application asks for application cursor keys. */
  readonly applicationData?: string;
}

export const BAR_KEYS: readonly BarKey[] = [
  { title: "Esc", spoken: "Esc, escape", data: "\x1b" },
  { title: "Tab", spoken: "Tab", data: "\t" },
  { title: "Ctrl", spoken: "Ctrl, control for the next key", data: null },
  { title: "↑", spoken: "Arrow up", data: "\x1b[A", applicationData: "\x1bOA" },
  { title: "↓", spoken: "Arrow down", data: "\x1b[B", applicationData: "\x1bOB" },
  { title: "←", spoken: "Arrow left", data: "\x1b[D", applicationData: "\x1bOD" },
  { title: "→", spoken: "Arrow right", data: "\x1b[C", applicationData: "\x1bOC" },
  { title: "⇧⇥", spoken: "Shift Tab", data: "\x1b[Z" },
  { title: "⏎", spoken: "Enter", data: "\r" },
  { title: "^C", spoken: "^C, control C", data: "\x03" },
];

const CONTROL_MASK = 0x1f;

/** What Ctrl and a character make: `c` becomes 0x03. Characters that have no control form stay as they are. */
export function withControl(text: string): string {
  if (text.length !== 1) return text;
  if (text === " ") return "\0";
  if (text === "?") return "\x7f";
  const code = text.toUpperCase().charCodeAt(0);
  return code >= 0x40 && code <= 0x5f ? String.fromCharCode(code & CONTROL_MASK) : text;
}
