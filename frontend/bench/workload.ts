/** What the grid shows: one terminal's updates, as frames for our canvas and as the same text for xterm.js. */

export interface Step {
  readonly frame: Uint8Array;
  readonly text: string;
}

export interface Workload {
  readonly rows: number;
  readonly columns: number;
  readonly tiles: number;
  readonly updatesHz: number;
  readonly seconds: number;
  readonly first: Step;
  readonly steps: readonly Step[];
}

interface WrittenStep {
  readonly frame: string;
  readonly text: string;
}

function asStep({ frame, text }: WrittenStep): Step {
  return { frame: Uint8Array.from(atob(frame), (character) => character.charCodeAt(0)), text };
}

export async function fetchWorkload(): Promise<Workload> {
  const written = await (await fetch("workload.json")).json();
  return { ...written, first: asStep(written.first), steps: written.steps.map(asStep) };
}
