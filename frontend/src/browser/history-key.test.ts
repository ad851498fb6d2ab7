import { describe, expect, it } from "vitest";
import { historyKey } from "./history-key";

const press = (key: string, ctrlKey = false, metaKey = false) => ({ key, ctrlKey, metaKey, altKey: false });

describe("historyKey", () => {
  it("scrolls with the keys that scroll everywhere", () => {
    expect(["ArrowUp", "PageDown", "Home"].map((key) => historyKey(press(key)).kind)).toEqual([
      "scroll",
      "page",
      "end",
    ]);
  });

  it("leaves on any other key, but not on a modifier, a copy or the palette", () => {
    expect(["a", "Enter", "Escape", "toString"].map((key) => historyKey(press(key)).kind)).toEqual(
      new Array(4).fill("leave"),
    );
    expect(historyKey(press("Shift")).kind).toBe("ignore");
    expect(historyKey(press("c", true)).kind).toBe("ignore");
    expect(historyKey(press("k", false, true)).kind).toBe("ignore");
  });

  it("searches with the browser's own key for it", () => {
    expect(historyKey(press("f", true)).kind).toBe("find");
    expect(historyKey(press("F", false, true)).kind).toBe("find");
    expect(historyKey(press("f")).kind).toBe("leave");
  });
});
