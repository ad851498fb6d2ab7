/** What the page shows to tests from outside: reads only. */

import type { Orchestra } from "./orchestra";

export interface OrchestraProbe {
  /** What a terminal shows, as this page holds it: one string a row; empty before the first frame. */
  readonly textRows: (sessionId: string) => string[];
}

declare global {
  interface Window {
    orchestraProbe?: OrchestraProbe;
  }
}

export function openProbe(orchestra: Orchestra, page: Window): void {
  page.orchestraProbe = { textRows: (sessionId) => orchestra.link.screen(sessionId).textRows() };
}
