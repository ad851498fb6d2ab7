/** The routes of what agents ask persons. */

import type { Approval, Decision } from "@/core";
import type { Call } from "./client";

export interface ApprovalAnswer {
  readonly decision: Decision;
  /** Why, for the agent. */
  readonly message?: string;
  /** By question. */
  readonly answers?: Readonly<Record<string, string>>;
  /** Of a plan: whether the agent asks before it edits a file. */
  readonly mode?: "acceptEdits" | "default";
}

export class ApprovalApi {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  async list(state: "waiting" | "all"): Promise<readonly Approval[]> {
    const query = new URLSearchParams({ state });
    return ((await this.#call("GET", `/api/approvals?${query}`)) as { approvals: readonly Approval[] })
      .approvals;
  }

  async show(id: string): Promise<Approval> {
    return (await this.#call("GET", `/api/approvals/${encodeURIComponent(id)}`)) as Approval;
  }

  async decide(id: string, answer: ApprovalAnswer): Promise<Approval> {
    return (await this.#call("POST", `/api/approvals/${encodeURIComponent(id)}`, answer)) as Approval;
  }
}
