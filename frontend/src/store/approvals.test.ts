import { expect, test } from "vitest";
import { createApprovalsStore, MAX_DECIDED, shownApprovals, waiting } from "./approvals";
import { sampleApproval } from "./sample-approval";

const ANSWERED = { state: "answered", decision: "allow" } as const;

test("who has waited longest comes first, whatever order news come in", () => {
  const store = createApprovalsStore();
  for (const number of [3, 1, 2]) store.getState().put(sampleApproval(number));
  expect(waiting(store.getState()).map(({ id }) => id)).toEqual(["apr_1", "apr_2", "apr_3"]);
});

test("what was decided stays decided, though an older telling comes late", () => {
  const store = createApprovalsStore();
  store.getState().put(sampleApproval(1, ANSWERED));
  store.getState().put(sampleApproval(1));
  store.getState().replaceAll([sampleApproval(1)]);
  expect(waiting(store.getState())).toEqual([]);
});

test("what the daemon does not name any more does not wait any more", () => {
  const store = createApprovalsStore();
  store.getState().put(sampleApproval(1));
  store.getState().put(sampleApproval(2, ANSWERED));
  store.getState().replaceAll([sampleApproval(3)]);
  expect(store.getState().approvals.map(({ id }) => id)).toEqual(["apr_2", "apr_3"]);
});

test("a card that is closing is still shown, others that were decided are not", () => {
  const store = createApprovalsStore();
  store.getState().put(sampleApproval(1, ANSWERED));
  store.getState().put(sampleApproval(2, ANSWERED));
  store.getState().setClosing("apr_2", true);
  expect(shownApprovals(store.getState()).map(({ id }) => id)).toEqual(["apr_2"]);
  store.getState().setClosing("apr_2", false);
  expect(shownApprovals(store.getState())).toEqual([]);
});

test("so many that were decided are kept, the newest, and everything that waits", () => {
  const store = createApprovalsStore();
  store.getState().put(sampleApproval(0));
  for (let number = 1; number <= MAX_DECIDED + 3; number += 1)
    store.getState().put(sampleApproval(number, ANSWERED));
  const { approvals } = store.getState();
  expect(approvals).toHaveLength(MAX_DECIDED + 1);
  expect(approvals.slice(0, 2).map(({ id }) => id)).toEqual(["apr_0", "apr_4"]);
});
