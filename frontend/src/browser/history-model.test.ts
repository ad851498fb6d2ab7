import { describe, expect, it } from "vitest";
import { HistoryModel, type HistoryRequest, MAX_KEPT_ROWS, PAGE_ROWS } from "./history-model";

/** A scrollback of `total` rows that answers as the daemon does. */
function answer(total: number, { before, limit }: HistoryRequest) {
  const last = Math.min(before ?? total, total);
  const first = Math.max(0, last - limit);
  return {
    total,
    first,
    rows: Array.from({ length: last - first }, (_, row) => [[[], `row ${first + row}`]]),
  };
}

/** Fetches until the rows from `first` up to `last` are here; returns the requests. */
function fill(model: HistoryModel, total: number, first: number, last: number): readonly HistoryRequest[] {
  const requests: HistoryRequest[] = [];
  for (let request = model.missing(first, last); request !== null; request = model.missing(first, last)) {
    requests.push(request);
    expect(requests.length).toBeLessThan(500);
    expect(model.accept(request, answer(total, request))).toBeNull();
  }
  return requests;
}

describe("HistoryModel", () => {
  it("asks for the newest rows first", () => {
    const model = new HistoryModel(80);
    expect(model.missing(0, 0)).toEqual({ before: null, limit: PAGE_ROWS });
    fill(model, 1000, 990, 1000);
    expect(model.total).toBe(1000);
    expect(model.line(999)?.toString().trim()).toBe("row 999");
    expect(model.missing(800, 1000)).toBeNull();
  });

  it("asks for what comes into sight, once", () => {
    const model = new HistoryModel(80);
    fill(model, 1000, 990, 1000);
    expect(fill(model, 1000, 780, 820)).toEqual([{ before: 800, limit: PAGE_ROWS }]);
    expect(fill(model, 1000, 100, 140)).toEqual([{ before: 140, limit: PAGE_ROWS }]);
    expect(model.line(100)?.toString().trim()).toBe("row 100");
  });

  it("reaches the oldest row and asks for nothing before it", () => {
    const model = new HistoryModel(80);
    fill(model, 250, -10, 250);
    expect(model.line(0)?.toString().trim()).toBe("row 0");
    expect(model.missing(-10, 300)).toBeNull();
  });

  it("knows an empty history", () => {
    const model = new HistoryModel(80);
    expect(fill(model, 0, 0, 10)).toHaveLength(1);
    expect(model.total).toBe(0);
  });

  it("does not ask for ever when the history became shorter meanwhile", () => {
    const model = new HistoryModel(80);
    fill(model, 1000, 990, 1000);
    for (let turn = 0; turn < 30; turn += 1) {
      const request = model.missing(500, 510);
      if (request === null) return;
      expect(model.accept(request, { total: 300, first: 300, rows: [] })).toBeNull();
    }
    throw new Error("it still asks");
  });

  it("keeps no more than its limit", () => {
    const model = new HistoryModel(2);
    const total = MAX_KEPT_ROWS + 1000;
    fill(model, total, 0, total - MAX_KEPT_ROWS + 10);
    for (let last = total; last > 0; last -= PAGE_ROWS) fill(model, total, last - 1, last);
    const kept = Array.from({ length: total }, (_, row) => model.line(row)).filter(Boolean);
    expect(kept).toHaveLength(MAX_KEPT_ROWS);
  });

  it.each([
    null,
    [],
    {},
    { total: -1, first: 0, rows: [] },
    { total: 1, first: 0, rows: {} },
    { total: 1, first: 0, rows: [7] },
  ])("says what is wrong with %j", (body) => {
    expect(new HistoryModel(80).accept({ before: null, limit: 1 }, body)).toMatch(/history/);
  });
});
