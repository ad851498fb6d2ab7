import { expect, test } from "vitest";
import { type ExplanationLayer, type Standing, speakingLayers } from "./explanation";

const layer = (source: string, standing: Standing): ExplanationLayer => ({
  source,
  standing,
  state: null,
  rule: null,
  evidence: null,
  age_s: null,
  why: "",
});

test("what decides comes first, what is silent is left out", () => {
  const explanation = [layer("hook", "silent"), layer("screen", "overruled"), layer("process", "decides")];
  const verdict = {
    state: "idle",
    source: "process",
    rule: "",
    evidence: "",
    since_unix_s: 0,
    judged_unix_s: 0,
  } as const;
  const shown = speakingLayers({ verdict: { ...verdict, explanation } });
  expect(shown.map(({ source }) => source)).toEqual(["process", "screen"]);
});
