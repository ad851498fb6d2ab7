/** Keeps what agents ask as the daemon has it, and decides about it. */

import type { ApprovalAnswer } from "@/api/approval-api";
import { asProblem } from "@/api/problem";
import type { Approval } from "@/core";
import { mayI } from "@/store/connection";
import type { Orchestra } from "./orchestra";

type Around = Pick<Orchestra, "api" | "approvals" | "connection">;

/** So long a card that was decided stays and says by whom. */
export const CLOSING_MS = 4000;

/** Somebody else, or the terminal, was faster. */
const CONFLICT = 409;

/** Mutable; owned by the page. Sole writer of the approvals store. */
export class AskedList {
  readonly #orchestra: Around;

  constructor(orchestra: Around) {
    this.#orchestra = orchestra;
  }

  /** Asks for what waits and what was decided lately. Who may not see it goes without. */
  async load(): Promise<void> {
    const { api, approvals, connection } = this.#orchestra;
    if (!mayI(connection.getState(), "tasks:read")) return;
    try {
      const lists = await Promise.all([api.approvals.list("all"), api.approvals.list("waiting")]);
      approvals.getState().replaceAll(lists.flat());
    } catch {
      // Without a list there are the updates; the next connection asks again.
    }
  }

  take(approval: Approval): void {
    const { approvals, put, setClosing } = this.#orchestra.approvals.getState();
    const before = approvals.find(({ id }) => id === approval.id);
    put(approval);
    if (before?.state !== "waiting" || approval.state === "waiting") return;
    setClosing(approval.id, true);
    setTimeout(() => setClosing(approval.id, false), CLOSING_MS);
  }

  /** Gives a person's decision; returns what went wrong, or null. One that came too late shows who was faster. */
  async decide(id: string, answer: ApprovalAnswer): Promise<string | null> {
    const { api } = this.#orchestra;
    try {
      this.take(await api.approvals.decide(id, answer));
      return null;
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status !== CONFLICT) return problem.message;
      return await this.#lookAgain(id, problem.message);
    }
  }

  async #lookAgain(id: string, message: string): Promise<string | null> {
    try {
      const approval = await this.#orchestra.api.approvals.show(id);
      this.take(approval);
      return approval.state === "waiting" ? message : null;
    } catch {
      return message;
    }
  }
}
