/** Plays updates to many tiles at their pace, and counts the animation frames that the main thread reaches meanwhile. */

export interface Tile {
  /** Shows the update numbered `step`, from 0. */
  readonly update: (step: number) => void;
}

export interface Outcome {
  readonly framesHz: number;
  /** Updates a tile a second that were played: what was asked for, unless the page fell behind for good. */
  readonly updatesHz: number;
  /** The 99th percentile of the time between two animation frames. */
  readonly gapP99Ms: number;
}

const WARM_UP_MS = 1500;
const LOOK_MS = 4;

export async function play(tiles: readonly Tile[], updatesHz: number, seconds: number): Promise<Outcome> {
  const begun = performance.now();
  const played = new Array<number>(tiles.length).fill(0);
  // Tiles change one after the other, as terminals do that know nothing of each other.
  const timer = setInterval(() => {
    const now = performance.now() - begun;
    for (const [index, tile] of tiles.entries()) {
      const due = Math.floor((now / 1000) * updatesHz - index / tiles.length);
      for (let step = played[index] ?? 0; step < due; step += 1) {
        tile.update(step);
        played[index] = step + 1;
      }
    }
  }, LOOK_MS);
  await framesDuring(WARM_UP_MS);
  const before = played.reduce((sum, count) => sum + count, 0);
  const measuring = performance.now();
  const gaps = await framesDuring(seconds * 1000);
  const passedS = (performance.now() - measuring) / 1000;
  const updates = played.reduce((sum, count) => sum + count, 0) - before;
  clearInterval(timer);
  gaps.sort((a, b) => a - b);
  return {
    framesHz: gaps.length / passedS,
    updatesHz: updates / tiles.length / passedS,
    gapP99Ms: gaps[Math.floor(gaps.length * 0.99)] ?? Number.POSITIVE_INFINITY,
  };
}

/** Returns the times between animation frames, ms. */
function framesDuring(milliseconds: number): Promise<number[]> {
  return new Promise((done) => {
    const gaps: number[] = [];
    const begun = performance.now();
    let last = begun;
    const frame = () => {
      const now = performance.now();
      gaps.push(now - last);
      last = now;
      if (now - begun < milliseconds) requestAnimationFrame(frame);
      else done(gaps);
    };
    requestAnimationFrame(frame);
  });
}
