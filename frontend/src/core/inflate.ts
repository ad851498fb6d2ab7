/**
 * Raw DEFLATE (RFC 1951) that keeps its window from one message to the next: what a server that flushes after each
 * message sends (`Z_SYNC_FLUSH`, RFC 7692 section 7.2.1). The browser's own DecompressionStream answers later and does
 * not say when it has given all of a message; here a message is whole blocks, so it is read at once.
 */

const WINDOW_BYTES = 32_768;
/** The end of every flush, which is not sent: an empty stored block. */
const FLUSH_END = [0x00, 0x00, 0xff, 0xff];

const STORED = 0;
const FIXED = 1;
const DYNAMIC = 2;
const END_OF_BLOCK = 256;
const MAX_CODE_BITS = 15;

const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  227, 258,
];
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
  6145, 8193, 12_289, 16_385, 24_577,
];
const DISTANCE_EXTRA = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
/** In this order the lengths of the code length codes stand (RFC 1951, 3.2.7). */
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** Thrown and caught inside this file only. */
class Corrupt extends Error {}

/** Bits of one message, the lowest of each byte first. */
class Bits {
  readonly #data: Uint8Array;
  #at = 0;
  #held = 0;
  #count = 0;

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#data.length && this.#count === 0;
  }

  take(count: number): number {
    while (this.#count < count) {
      const byte = this.#data[this.#at];
      if (byte === undefined) throw new Corrupt("cut short");
      this.#at += 1;
      this.#held |= byte << this.#count;
      this.#count += 8;
    }
    const value = this.#held & ((1 << count) - 1);
    this.#held >>>= count;
    this.#count -= count;
    return value;
  }

  /** Goes on at the next whole byte. Between two `take`s fewer than 8 bits are held. */
  align(): void {
    this.#held = 0;
    this.#count = 0;
  }

  bytes(count: number): Uint8Array {
    if (this.#at + count > this.#data.length) throw new Corrupt("cut short");
    this.#at += count;
    return this.#data.subarray(this.#at - count, this.#at);
  }
}

/** A canonical Huffman code (RFC 1951, 3.2.2): how many codes each length has, and all symbols in the codes' order. */
class Code {
  readonly #counts = new Uint16Array(MAX_CODE_BITS + 1);
  readonly #symbols: Uint16Array;

  constructor(lengths: ArrayLike<number>) {
    for (let symbol = 0; symbol < lengths.length; symbol += 1) this.#add(lengths[symbol] ?? 0);
    this.#counts[0] = 0;
    const next = new Uint16Array(MAX_CODE_BITS + 2);
    let free = 1;
    for (let bits = 1; bits <= MAX_CODE_BITS; bits += 1) {
      const count = this.#counts[bits] ?? 0;
      next[bits + 1] = (next[bits] ?? 0) + count;
      free = free * 2 - count;
      if (free < 0) throw new Corrupt("more codes than there are");
    }
    this.#symbols = new Uint16Array(lengths.length);
    for (let symbol = 0; symbol < lengths.length; symbol += 1) {
      const bits = lengths[symbol] ?? 0;
      if (bits === 0) continue;
      const place = next[bits] ?? 0;
      this.#symbols[place] = symbol;
      next[bits] = place + 1;
    }
  }

  #add(bits: number): void {
    this.#counts[bits] = (this.#counts[bits] ?? 0) + 1;
  }

  read(bits: Bits): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= MAX_CODE_BITS; length += 1) {
      code |= bits.take(1);
      const count = this.#counts[length] ?? 0;
      if (code - first < count) return this.#symbols[index + code - first] ?? 0;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new Corrupt("no such code");
  }
}

const FIXED_LITERALS = new Code(
  Uint8Array.from({ length: 288 }, (_, symbol) =>
    symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8,
  ),
);
const FIXED_DISTANCES = new Code(new Uint8Array(30).fill(5));

/** Mutable; owned by the reader of one stream. After a message that it could not read nothing that follows is of use. */
export class Inflater {
  #out = new Uint8Array(4 * WINDOW_BYTES);
  /** Where the next byte goes; what stands before it is the window. */
  #at = 0;
  /** Where this message must have ended. */
  #limit = 0;

  /** Returns what a message holds; null when it is broken or holds more than `maxBytes`. */
  inflate(message: Uint8Array, maxBytes: number): Uint8Array | null {
    this.#slide();
    const start = this.#at;
    this.#limit = start + maxBytes;
    const data = new Uint8Array(message.length + FLUSH_END.length);
    data.set(message);
    data.set(FLUSH_END, message.length);
    const bits = new Bits(data);
    try {
      while (!bits.isAtEnd) this.#block(bits);
    } catch (error) {
      if (error instanceof Corrupt) return null;
      throw error;
    }
    return this.#out.slice(start, this.#at);
  }

  /** Keeps the window only, once there is little room behind it. */
  #slide(): void {
    if (this.#at < this.#out.length - WINDOW_BYTES) return;
    this.#out.copyWithin(0, this.#at - WINDOW_BYTES, this.#at);
    this.#at = WINDOW_BYTES;
  }

  #reserve(count: number): void {
    if (this.#at + count > this.#limit) throw new Corrupt("too much");
    if (this.#at + count <= this.#out.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#out.length, this.#at + count));
    larger.set(this.#out);
    this.#out = larger;
  }

  #block(bits: Bits): void {
    bits.take(1); // whether it is the last one, which a stream has only at its end
    const kind = bits.take(2);
    if (kind === STORED) this.#stored(bits);
    else if (kind === FIXED) this.#coded(bits, FIXED_LITERALS, FIXED_DISTANCES);
    else if (kind === DYNAMIC) this.#coded(bits, ...readCodes(bits));
    else throw new Corrupt("no such block");
  }

  #stored(bits: Bits): void {
    bits.align();
    const length = bits.take(16);
    if ((length ^ 0xffff) !== bits.take(16)) throw new Corrupt("a length that is not its complement");
    this.#reserve(length);
    this.#out.set(bits.bytes(length), this.#at);
    this.#at += length;
  }

  #coded(bits: Bits, literals: Code, distances: Code): void {
    for (;;) {
      const symbol = literals.read(bits);
      if (symbol === END_OF_BLOCK) return;
      if (symbol < END_OF_BLOCK) {
        this.#reserve(1);
        this.#out[this.#at] = symbol;
        this.#at += 1;
      } else {
        const length = extended(bits, symbol - END_OF_BLOCK - 1, LENGTH_BASE, LENGTH_EXTRA);
        this.#copy(length, extended(bits, distances.read(bits), DISTANCE_BASE, DISTANCE_EXTRA));
      }
    }
  }

  #copy(length: number, distance: number): void {
    if (distance > this.#at) throw new Corrupt("a distance before the start");
    this.#reserve(length);
    // Byte by byte: what is copied may reach into what is being written.
    for (let end = this.#at + length; this.#at < end; this.#at += 1) {
      this.#out[this.#at] = this.#out[this.#at - distance] ?? 0;
    }
  }
}

function extended(bits: Bits, index: number, bases: readonly number[], extras: readonly number[]): number {
  const base = bases[index];
  if (base === undefined) throw new Corrupt("no such length or distance");
  return base + bits.take(extras[index] ?? 0);
}

/** Reads the two codes in front of a dynamic block (RFC 1951, 3.2.7). */
function readCodes(bits: Bits): [Code, Code] {
  const literals = bits.take(5) + 257;
  const distances = bits.take(5) + 1;
  const orders = bits.take(4) + 4;
  const order = new Uint8Array(CODE_LENGTH_ORDER.length);
  for (let index = 0; index < orders; index += 1) order[CODE_LENGTH_ORDER[index] ?? 0] = bits.take(3);
  const code = new Code(order);
  const lengths = new Uint8Array(literals + distances);
  for (let at = 0; at < lengths.length; ) {
    const symbol = code.read(bits);
    if (symbol < 16) {
      lengths[at] = symbol;
      at += 1;
      continue;
    }
    if (symbol === 16 && at === 0) throw new Corrupt("nothing to repeat");
    const value = symbol === 16 ? (lengths[at - 1] ?? 0) : 0;
    const times = symbol === 16 ? 3 + bits.take(2) : symbol === 17 ? 3 + bits.take(3) : 11 + bits.take(7);
    if (at + times > lengths.length) throw new Corrupt("more lengths than there are");
    lengths.fill(value, at, at + times);
    at += times;
  }
  return [new Code(lengths.subarray(0, literals)), new Code(lengths.subarray(literals))];
}
