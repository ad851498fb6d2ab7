import { describe, expect, it } from "vitest";
import { HistorySearch } from "./history-search";

function searched(rows: readonly number[], onScreen: readonly number[] = [], isAll = true): HistorySearch {
  const search = new HistorySearch();
  search.begin("x");
  expect(search.accept({ total: 100, rows, is_all: isAll }, 100, onScreen)).toBeNull();
  return search;
}

describe("HistorySearch", () => {
  it("begins at the newest row, which may be on the screen", () => {
    expect(searched([90, 4], [101, 105]).row).toBe(105);
    expect(searched([90, 4]).row).toBe(90);
    expect(searched([90, 4], [101]).result).toEqual({ text: "x", current: 1, count: 3, more: false });
  });

  it("goes to older and newer rows, round at the ends", () => {
    const search = searched([90, 50, 4]);
    const seen = [1, 1, 1, -1].map((direction) => {
      search.step(direction as 1 | -1);
      return search.row;
    });
    expect(seen).toEqual([50, 4, 90, 4]);
    expect(search.result.current).toBe(3);
  });

  it("does not count what scrolled away after the history was opened", () => {
    expect(searched([120, 100, 99], [100]).result.count).toBe(2);
  });

  it("says that there is more, and when there is nothing", () => {
    expect(searched([1], [], false).result.more).toBe(true);
    const none = searched([]);
    none.step(1);
    expect([none.row, none.result.current, none.result.count]).toEqual([null, 0, 0]);
  });

  it("refuses a malformed answer and forgets the last one when it begins anew", () => {
    const search = searched([7]);
    for (const body of [null, [], { rows: [1] }, { rows: [-1], is_all: true }, { rows: "1", is_all: true }]) {
      expect(search.accept(body, 100, [])).toMatch(/malformed/);
    }
    search.begin("y");
    expect(search.row).toBeNull();
  });
});
