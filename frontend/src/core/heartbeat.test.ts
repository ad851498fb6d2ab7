import { describe, expect, it } from "vitest";
import { Heartbeat, PING_EVERY_MS, PONG_TIMEOUT_MS, PROBE_TIMEOUT_MS, SECOND_PING_MS } from "./heartbeat";

describe("Heartbeat", () => {
  it("pings at once, then at its pace, with numbers that rise", () => {
    const beat = new Heartbeat(0);
    expect(beat.timer(0)).toBe(1);
    expect(beat.timer(1)).toBeNull();
    beat.pong(1, 40);
    expect(beat.nextMs).toBe(40 + SECOND_PING_MS);
    expect(beat.timer(40 + SECOND_PING_MS)).toBe(2);
    beat.pong(2, 2_000);
    expect(beat.nextMs).toBe(2_000 + PING_EVERY_MS);
  });

  it("smooths the round trip", () => {
    const beat = new Heartbeat(0);
    beat.timer(0);
    expect(beat.pong(1, 100)).toBe(100);
    beat.timer(100 + SECOND_PING_MS);
    // The first one counted the building of the page; the second takes its place.
    expect(beat.pong(2, 100 + SECOND_PING_MS + 20)).toBe(20);
    const third = 120 + SECOND_PING_MS + PING_EVERY_MS;
    beat.timer(third);
    expect(beat.pong(3, third + 40)).toBe(25);
    expect(beat.roundTripMs).toBe(25);
  });

  it("ignores an answer that nobody waits for", () => {
    const beat = new Heartbeat(0);
    expect(beat.pong(1, 5)).toBeNull();
    beat.timer(0);
    expect(beat.pong(99, 5)).toBeNull();
  });

  it("calls a connection dead after silence, and takes any message as life", () => {
    const beat = new Heartbeat(0);
    beat.timer(0);
    expect(beat.timer(PONG_TIMEOUT_MS - 1)).toBeNull();
    beat.received(PONG_TIMEOUT_MS - 1);
    expect(beat.timer(PONG_TIMEOUT_MS)).toBeNull();
    expect(beat.timer(2 * PONG_TIMEOUT_MS)).toBe("dead");
  });

  it("finds out quickly when in doubt, and does not ask twice", () => {
    const beat = new Heartbeat(0);
    beat.timer(0);
    beat.pong(1, 1);
    expect(beat.probe(100)).toBe(2);
    expect(beat.probe(200)).toBeNull();
    expect(beat.timer(100 + PROBE_TIMEOUT_MS)).toBe("dead");
  });
});
