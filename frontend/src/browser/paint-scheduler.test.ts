import { describe, expect, it } from "vitest";
import { PaintScheduler } from "./paint-scheduler";

/** A window whose animation frames come when the test says so. */
class Frames {
  #callbacks: ((nowMs: number) => void)[] = [];

  requestAnimationFrame(callback: (nowMs: number) => void): number {
    return this.#callbacks.push(callback);
  }

  get asked(): number {
    return this.#callbacks.length;
  }

  next(nowMs: number): void {
    const callbacks = this.#callbacks;
    this.#callbacks = [];
    for (const callback of callbacks) callback(nowMs);
  }
}

function set() {
  const frames = new Frames();
  const log: string[] = [];
  const painter = (name: string) => ({ paint: (nowMs: number) => log.push(`${name}@${nowMs}`) });
  return { frames, scheduler: new PaintScheduler(frames), log, painter };
}

describe("PaintScheduler", () => {
  it("paints everyone once in one frame, then sleeps", () => {
    const { frames, scheduler, log, painter } = set();
    const [a, b] = [painter("a"), painter("b")];
    scheduler.request(a);
    scheduler.request(b);
    scheduler.request(a);
    expect(frames.asked).toBe(1);
    frames.next(5);
    expect(log).toEqual(["a@5", "b@5"]);
    expect(frames.asked).toBe(0);
  });

  it("tells when all are painted, also when nobody was", () => {
    const { frames, scheduler, log, painter } = set();
    const end = scheduler.onPainted(() => log.push("painted"));
    scheduler.request(painter("a"));
    frames.next(1);
    scheduler.wake();
    frames.next(2);
    end();
    scheduler.wake();
    frames.next(3);
    expect(log).toEqual(["a@1", "painted", "painted"]);
  });

  it("does not paint who went away, and takes requests made while painting for the next frame", () => {
    const { frames, scheduler, log, painter } = set();
    const gone = painter("gone");
    scheduler.request(gone);
    scheduler.cancel(gone);
    const again = { paint: () => scheduler.request(painter("later")) };
    scheduler.request(again);
    frames.next(1);
    expect(log).toEqual([]);
    frames.next(2);
    expect(log).toEqual(["later@2"]);
  });
});
