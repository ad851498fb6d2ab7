import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Problem } from "@/api/problem";
import type { Approval } from "@/core";
import { createApprovalsStore, shownApprovals, waiting } from "@/store/approvals";
import { createConnectionStore } from "@/store/connection";
import { sampleApproval } from "@/store/sample-approval";
import { sampleHello } from "@/store/sample-task";
import { AskedList, CLOSING_MS } from "./asked-list";
import type { Orchestra } from "./orchestra";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const DENIED = { state: "answered", decision: "deny", decided_by: "issuer|local|bob" } as const;

/** A page that may see tasks; `api` plays the daemon. */
function page(api: object, ...permissions: string[]) {
  const connection = createConnectionStore();
  connection.getState().greet(sampleHello(...permissions), 0);
  const approvals = createApprovalsStore();
  const orchestra = { api: { approvals: api }, approvals, connection };
  return { approvals, list: new AskedList(orchestra as unknown as Orchestra) };
}

test("what waits is asked for, by those who may see it", async () => {
  const asked: string[] = [];
  const api = {
    list: async (state: string) => {
      asked.push(state);
      return [sampleApproval(1)];
    },
  };
  await page(api).list.load();
  expect(asked).toEqual([]);
  const { list, approvals } = page(api, "tasks:read");
  await list.load();
  expect(asked).toEqual(["all", "waiting"]);
  expect(waiting(approvals.getState())).toHaveLength(1);
});

test("a card that was decided elsewhere says so for a moment, then it is gone", () => {
  const { list, approvals } = page({});
  list.take(sampleApproval(1));
  list.take(sampleApproval(1, DENIED));
  expect(shownApprovals(approvals.getState())).toMatchObject([DENIED]);
  vi.advanceTimersByTime(CLOSING_MS);
  expect(shownApprovals(approvals.getState())).toEqual([]);
});

test("what was over when this page heard of it has no card", () => {
  const { list, approvals } = page({});
  list.take(sampleApproval(1, DENIED));
  expect(shownApprovals(approvals.getState())).toEqual([]);
});

test("a decision that came too late shows who was faster and is no error", async () => {
  const api = {
    decide: () => Promise.reject(new Problem(409, "already_decided", "Too late.")),
    show: async (): Promise<Approval> => sampleApproval(1, DENIED),
  };
  const { list, approvals } = page(api);
  list.take(sampleApproval(1));
  expect(await list.decide("apr_1", { decision: "allow" })).toBeNull();
  expect(shownApprovals(approvals.getState())).toMatchObject([DENIED]);
});

test("a refusal is told, and the card stays", async () => {
  const { list, approvals } = page({ decide: () => Promise.reject(new Problem(400, "bad", "No.")) });
  list.take(sampleApproval(1));
  expect(await list.decide("apr_1", { decision: "always" })).toBe("No.");
  expect(waiting(approvals.getState())).toHaveLength(1);
});
