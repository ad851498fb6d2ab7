/** Why an agent's state is what it is, as the daemon tells it. */

import type { AgentState } from "@/core";

export type Standing = "decides" | "agrees" | "overruled" | "dropped" | "silent";

/** What one source of evidence says, and what that counts for. */
export interface ExplanationLayer {
  readonly source: string;
  readonly standing: Standing;
  readonly state: AgentState | null;
  readonly rule: string | null;
  readonly evidence: string | null;
  readonly age_s: number | null;
  readonly why: string;
}

export interface Verdict {
  readonly state: AgentState;
  readonly source: string;
  readonly rule: string;
  readonly evidence: string;
  readonly since_unix_s: number;
  readonly judged_unix_s: number;
  readonly explanation: readonly ExplanationLayer[];
}

export interface Explanation {
  readonly verdict: Verdict;
}

/** Sources that say something, whatever decides first; the silent ones would only fill the panel. */
export function speakingLayers({ verdict }: Explanation): readonly ExplanationLayer[] {
  const decides = (layer: ExplanationLayer) => (layer.standing === "decides" ? 0 : 1);
  return verdict.explanation
    .filter(({ standing }) => standing !== "silent")
    .toSorted((a, b) => decides(a) - decides(b));
}
