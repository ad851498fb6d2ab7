/** What the page shows to tests from outside: reads only. */

import type { Orchestra } from "./orchestra";

export interface OrchestraProbe {
  /** What a terminal shows, as this page holds it: one string a row; empty before the first frame. */
  readonly textRows: (sessionId: string) => string[];
  /** The modes of its program, as bits of the protocol. */
  readonly modes: (sessionId: string) => number;
}

declare global {
  interface Window {
    orchestraProbe?: OrchestraProbe;
  }
}

export function openProbe(orchestra: Orchestra, page: Window): void {
  page.orchestraProbe = {
    textRows: (sessionId) => orchestra.link.screen(sessionId).textRows(),
    modes: (sessionId) => orchestra.link.screen(sessionId).modes,
  };
}
