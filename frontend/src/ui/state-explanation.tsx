import { useEffect, useState } from "react";
import { asProblem } from "@/api/problem";
import { formatAge } from "@/store/age";
import { type Explanation, type ExplanationLayer, type Standing, speakingLayers } from "@/store/explanation";
import { STATES } from "@/store/state-words";
import { useOrchestra } from "./orchestra-context";

const STANDINGS: Readonly<Record<Standing, string>> = {
  decides: "Decides",
  agrees: "Agrees",
  overruled: "Overruled",
  dropped: "Dropped",
  silent: "Silent",
};

function Layer({ layer }: { readonly layer: ExplanationLayer }) {
  const { source, standing, state, rule, evidence, age_s, why } = layer;
  return (
    <li className="border-t py-1 first:border-t-0">
      <p className="flex items-baseline gap-2">
        <span className="inline-block font-medium first-letter:uppercase">{source}</span>
        <span className="text-n-11">{state === null ? "" : STATES[state].word}</span>
        <span className="ml-auto whitespace-nowrap text-n-10">
          {STANDINGS[standing]}
          {age_s !== null && ` · ${formatAge(age_s)}`}
        </span>
      </p>
      <p className="text-n-11 first-letter:uppercase">{why}</p>
      {evidence !== null && evidence !== "" && (
        <p className="truncate font-mono text-2xs text-n-10" title={evidence}>
          {evidence}
        </p>
      )}
      {rule !== null && rule !== "" && <p className="break-all font-mono text-2xs text-n-10">{rule}</p>}
    </li>
  );
}

/** Which evidence an agent's state comes from, what it says, and what was overruled. */
export function StateExplanation({ agentId }: { readonly agentId: string }) {
  const { api } = useOrchestra();
  const [explanation, setExplanation] = useState<Explanation | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let ended = false;
    api.explain(agentId).then(
      (found) => ended || setExplanation(found),
      (error: unknown) => ended || setProblem(asProblem(error).message),
    );
    return () => {
      ended = true;
    };
  }, [api, agentId]);
  if (problem !== null) return <p className="mt-2 text-n-10">This state cannot be explained: {problem}</p>;
  if (explanation === null) return <p className="mt-2 text-n-10">Asking why.</p>;
  return (
    <ul aria-label="Why this state" className="mt-2 rounded-md border px-2" data-testid="explanation">
      {speakingLayers(explanation).map((layer) => (
        <Layer key={layer.source} layer={layer} />
      ))}
    </ul>
  );
}
