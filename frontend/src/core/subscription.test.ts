import { describe, expect, it } from "vitest";
import { MAX_SUBSCRIPTIONS, mergeWants, Subscriptions } from "./subscription";

const SEEN = { visible: true, focused: false, maxFps: 10 };
const FOCUSED = { visible: true, focused: true, maxFps: 60 };
const HIDDEN = { visible: false, focused: false, maxFps: 30 };

const subscribe = (sessionId: string, visible: boolean, focused: boolean, fps: number) => ({
  type: "subscribe_terminal",
  session_id: sessionId,
  encoding: "cells",
  visible,
  focused,
  max_fps: fps,
});

describe("mergeWants", () => {
  it("satisfies every view, and does not run at the pace of one that nobody sees", () => {
    expect(mergeWants([SEEN, HIDDEN])).toEqual(SEEN);
    expect(mergeWants([SEEN, FOCUSED])).toEqual(FOCUSED);
    expect(mergeWants([])).toBeNull();
  });
});

describe("Subscriptions", () => {
  it("asks once for what is wanted, and again only when that changes", () => {
    const subscriptions = new Subscriptions("cells");
    subscriptions.setView(1, "a", SEEN);
    expect(subscriptions.changes()).toEqual([subscribe("a", true, false, 10)]);
    expect(subscriptions.changes()).toEqual([]);
    subscriptions.setView(2, "a", FOCUSED);
    expect(subscriptions.changes()).toEqual([subscribe("a", true, true, 60)]);
    subscriptions.setView(2, "a", null);
    subscriptions.setView(1, "a", null);
    expect(subscriptions.changes()).toEqual([{ type: "unsubscribe_terminal", session_id: "a" }]);
  });

  it("says nothing when a view comes back in the same turn", () => {
    const subscriptions = new Subscriptions("cells");
    subscriptions.setView(1, "a", SEEN);
    subscriptions.changes();
    subscriptions.setView(1, "a", null);
    subscriptions.setView(2, "a", SEEN);
    expect(subscriptions.changes()).toEqual([]);
  });

  it("asks for everything again on a new connection", () => {
    const subscriptions = new Subscriptions("cells");
    subscriptions.setView(1, "a", SEEN);
    subscriptions.changes();
    subscriptions.forgetAll();
    expect(subscriptions.changes()).toEqual([subscribe("a", true, false, 10)]);
  });

  it("hides all terminals of a page that nobody sees", () => {
    const subscriptions = new Subscriptions("cells");
    subscriptions.setView(1, "a", FOCUSED);
    subscriptions.changes();
    subscriptions.setPageVisible(false);
    expect(subscriptions.changes()).toEqual([subscribe("a", false, false, 60)]);
  });

  it("leaves those out that nobody sees when the server's limit is reached", () => {
    const subscriptions = new Subscriptions("cells");
    for (let view = 0; view < MAX_SUBSCRIPTIONS; view += 1)
      subscriptions.setView(view, `hidden-${view}`, HIDDEN);
    subscriptions.changes();
    subscriptions.setView(999, "seen", SEEN);
    const messages = subscriptions.changes();
    expect(messages.map(({ type }) => type)).toEqual(["unsubscribe_terminal", "subscribe_terminal"]);
    expect(messages[1]).toMatchObject({ session_id: "seen" });
  });

  it("does not ask again for a terminal that is gone", () => {
    const subscriptions = new Subscriptions("cells");
    subscriptions.setView(1, "a", SEEN);
    subscriptions.changes();
    subscriptions.removed("a");
    expect(subscriptions.changes()).toEqual([]);
  });
});
