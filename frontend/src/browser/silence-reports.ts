/**
 * A terminal answers questions in the stream (what are you, where is the cursor, which colour is this) as if somebody
 * had typed the answer. Our stream never asks; should a question ever slip in, it stays unanswered.
 */

interface TerminalPart {
  readonly parser: {
    registerCsiHandler(id: CsiId, callback: () => boolean): unknown;
    registerDcsHandler(id: CsiId, callback: () => boolean): unknown;
    registerOscHandler(number: number, callback: (data: string) => boolean): unknown;
  };
}

interface CsiId {
  readonly prefix?: string;
  readonly intermediates?: string;
  readonly final: string;
}

/** DA1, DA2, DA3, DSR and CPR, their private forms, DECRQM, XTVERSION, window reports, DECREQTPARM. */
const CSI_QUESTIONS: readonly CsiId[] = [
  { final: "c" },
  { prefix: ">", final: "c" },
  { prefix: "=", final: "c" },
  { final: "n" },
  { prefix: "?", final: "n" },
  { intermediates: "$", final: "p" },
  { prefix: "?", intermediates: "$", final: "p" },
  { prefix: ">", final: "q" },
  { final: "t" },
  { final: "x" },
];

/** DECRQSS, XTGETTCAP. */
const DCS_QUESTIONS: readonly CsiId[] = [
  { intermediates: "$", final: "q" },
  { intermediates: "+", final: "q" },
];

/** Palette, foreground, background, cursor colour, clipboard. */
const OSC_QUESTIONS = [4, 10, 11, 12, 52];

export function silenceReports(terminal: TerminalPart): void {
  const swallow = () => true;
  for (const id of CSI_QUESTIONS) terminal.parser.registerCsiHandler(id, swallow);
  for (const id of DCS_QUESTIONS) terminal.parser.registerDcsHandler(id, swallow);
  for (const number of OSC_QUESTIONS) terminal.parser.registerOscHandler(number, swallow);
}
