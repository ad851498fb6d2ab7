import { constants, createDeflateRaw, type DeflateRaw, deflateRawSync, type ZlibOptions } from "node:zlib";
import { describe, expect, it } from "vitest";
import { Inflater } from "./inflate";

const LIMIT = 1 << 20;

/** A stream of zlib that flushes after every message and leaves out the flush's end. */
class Deflater {
  readonly #zlib: DeflateRaw;
  #chunks: Buffer[] = [];

  constructor(options: ZlibOptions = {}) {
    this.#zlib = createDeflateRaw(options);
    this.#zlib.on("data", (chunk: Buffer) => this.#chunks.push(chunk));
  }

  async push(message: Uint8Array): Promise<Uint8Array> {
    this.#zlib.write(message);
    await new Promise<void>((done) => this.#zlib.flush(constants.Z_SYNC_FLUSH, done));
    const data = Buffer.concat(this.#chunks);
    this.#chunks = [];
    expect(data.subarray(-4)).toEqual(Buffer.from([0, 0, 0xff, 0xff]));
    return new Uint8Array(data.subarray(0, -4));
  }
}

/** Numbers in [0, 1) that are the same every time (a linear congruential generator). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Whether a message came back; `toEqual` takes seconds for large ones. */
function same(read: Uint8Array | null, sent: Uint8Array): boolean {
  return read !== null && Buffer.compare(read, sent) === 0;
}

/** A message that repeats parts of `before` between noise, as frames do. */
function messageLike(before: readonly Uint8Array[], roll: () => number): Uint8Array {
  const parts: number[] = [];
  for (let pieces = 1 + Math.floor(roll() * 6); pieces > 0; pieces -= 1) {
    const old = before[Math.floor(roll() * before.length)] ?? new Uint8Array(0);
    const start = Math.floor(roll() * old.length);
    parts.push(...old.subarray(start, start + Math.floor(roll() * 400)));
    for (let noise = 1 + Math.floor(roll() * 60); noise > 0; noise -= 1) parts.push(Math.floor(roll() * 256));
    if (roll() < 0.2) parts.push(...new Array<number>(Math.floor(roll() * 2000)).fill(32));
  }
  return Uint8Array.from(parts);
}

describe("Inflater", () => {
  it.each([
    { windowBits: 13, memLevel: 3 },
    { windowBits: 15, memLevel: 9, level: 9 },
    { windowBits: 9, memLevel: 1, level: 1 },
    { strategy: constants.Z_FIXED },
    { strategy: constants.Z_HUFFMAN_ONLY },
    { level: 0 },
  ])("reads every message of a stream that zlib made with %j", async (options) => {
    const roll = dice(7);
    const deflater = new Deflater(options);
    const inflater = new Inflater();
    const sent: Uint8Array[] = [];
    let total = 0;
    for (let number = 0; number < 400; number += 1) {
      const message = messageLike(sent.slice(-20), roll);
      sent.push(message);
      total += message.length;
      expect(same(inflater.inflate(await deflater.push(message), LIMIT), message)).toBe(true);
    }
    expect(total).toBeGreaterThan(6 * 32_768);
  });

  it("reaches back as far as a window goes", async () => {
    const deflater = new Deflater();
    const inflater = new Inflater();
    const roll = dice(3);
    const noise = Uint8Array.from({ length: 32_000 }, () => Math.floor(roll() * 256));
    for (let number = 0; number < 12; number += 1) {
      const data = await deflater.push(noise);
      if (number > 0) expect(data.length).toBeLessThan(1000);
      expect(same(inflater.inflate(data, LIMIT), noise)).toBe(true);
    }
  });

  it("grows for a large message and keeps the window of it", async () => {
    const deflater = new Deflater();
    const inflater = new Inflater();
    const large = new Uint8Array(900_000).map((_, index) => (index * index) >> 9);
    expect(same(inflater.inflate(await deflater.push(large), LIMIT), large)).toBe(true);
    const tail = large.slice(-20_000);
    expect(same(inflater.inflate(await deflater.push(tail), LIMIT), tail)).toBe(true);
  });

  it("stops at the limit, and not before it", async () => {
    const data = await new Deflater().push(new Uint8Array(10_000));
    expect(new Inflater().inflate(data, 10_000)).toHaveLength(10_000);
    expect(new Inflater().inflate(data, 9_999)).toBeNull();
    const bomb = await new Deflater().push(new Uint8Array(64 << 20));
    const began = performance.now();
    expect(new Inflater().inflate(bomb, LIMIT)).toBeNull();
    expect(performance.now() - began).toBeLessThan(1000);
  });

  it("refuses what is broken, and throws for nothing", async () => {
    const text = new TextEncoder().encode("a message that is compressed, compressed, and compressed again");
    const whole = await new Deflater().push(text);
    const roll = dice(11);
    for (let length = 1; length < whole.length; length += 1) {
      expect(new Inflater().inflate(whole.subarray(0, length), LIMIT)).not.toEqual(text);
    }
    for (let number = 0; number < 5000; number += 1) {
      const noise = Uint8Array.from({ length: Math.floor(roll() * 40) }, () => Math.floor(roll() * 256));
      expect(() => new Inflater().inflate(noise, LIMIT)).not.toThrow();
    }
    expect(new Inflater().inflate(Uint8Array.of(0b111), LIMIT)).toBeNull();
    expect(new Inflater().inflate(Uint8Array.of(0b000, 5, 0, 0, 0), LIMIT)).toBeNull();
  });

  it("knows nothing of a stream that it did not see from the start", async () => {
    const deflater = new Deflater();
    const text = new TextEncoder().encode("the same words again");
    await deflater.push(text);
    expect(new Inflater().inflate(await deflater.push(text), LIMIT)).toBeNull();
  });

  it("takes a stream's end for a block like another", () => {
    const text = new TextEncoder().encode("ended");
    expect(new Inflater().inflate(new Uint8Array(deflateRawSync(text)), LIMIT)).toEqual(text);
  });
});
