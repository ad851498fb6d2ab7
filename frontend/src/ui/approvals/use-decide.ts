import { useState } from "react";
import type { ApprovalAnswer } from "@/api/approval-api";
import type { Approval } from "@/core";
import { useOrchestra } from "../orchestra-context";

export interface Deciding {
  readonly busy: boolean;
  /** Why the last decision was not taken. */
  readonly problem: string | null;
  readonly decide: (answer: ApprovalAnswer) => void;
}

/** Gives a person's decision about what an agent asks. */
export function useDecide({ id }: Approval): Deciding {
  const { askedList } = useOrchestra();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const decide = async (answer: ApprovalAnswer) => {
    setBusy(true);
    setProblem(await askedList.decide(id, answer));
    setBusy(false);
  };
  return { busy, problem, decide: (answer) => void decide(answer) };
}
