/** Packed messages (protocol 1.6): each pane's frames in a deflate stream of its own. Total: faults are values. */

import type { EnvelopeFault } from "./frame";
import { Inflater } from "./inflate";

/** Streams of one connection. */
const SLOT = 0x0f;
const IS_LAST = 0x10;
const TELLS_INPUT = 0x20;
const BEGINS = 0x40;
/** The first byte of an envelope has this bit. */
const PLAIN = 0x80;

/** What one packed frame may inflate to, bytes. */
export const MAX_PACKED_FRAME_BYTES = 32_768;

export interface PackedItem {
  readonly pane: number;
  /** Input up to this was written; null when nothing is said about it. */
  readonly inputSeq: number | null;
  readonly frame: Uint8Array;
}

export function isPacked(message: Uint8Array): boolean {
  return message.length > 0 && ((message[0] ?? PLAIN) & PLAIN) === 0;
}

/** Reads the numbers in front of an item; undefined when the message ends in one. */
class Reader {
  readonly #data: Uint8Array;
  #at = 0;

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  byte(): number | undefined {
    this.#at += 1;
    return this.#data[this.#at - 1];
  }

  /** An unsigned LEB128 number: seven bits a byte, the lowest first. */
  number(): number | undefined {
    let value = 0;
    for (let factor = 1; factor <= Number.MAX_SAFE_INTEGER; factor *= 128) {
      const byte = this.byte();
      if (byte === undefined) return undefined;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return Number.isSafeInteger(value) ? value : undefined;
    }
    return undefined;
  }

  /** A number and so many bytes. */
  sized(): Uint8Array | undefined {
    const count = this.number();
    if (count === undefined || this.#at + count > this.#data.length) return undefined;
    this.#at += count;
    return this.#data.subarray(this.#at - count, this.#at);
  }

  rest(): Uint8Array {
    return this.#data.subarray(this.#at);
  }
}

/** Mutable; owned by one connection. After a fault nothing that follows on it can be read. */
export class Unpacker {
  readonly #streams = new Map<number, { readonly pane: number; readonly inflater: Inflater }>();

  unpack(message: Uint8Array): readonly PackedItem[] | EnvelopeFault {
    const items: PackedItem[] = [];
    const reader = new Reader(message);
    for (let head = 0; (head & IS_LAST) === 0; ) {
      const byte = reader.byte();
      const item = byte === undefined ? "a message is cut short" : this.#item(byte, reader);
      if (byte === undefined || typeof item === "string") {
        return { type: "fault", code: "bad_packing", detail: String(item) };
      }
      items.push(item);
      head = byte;
    }
    return items;
  }

  /** Returns the item behind a head, or what is wrong with it. */
  #item(head: number, reader: Reader): PackedItem | string {
    const slot = head & SLOT;
    if ((head & BEGINS) !== 0) {
      const pane = reader.number();
      if (pane === undefined) return "a stream begins for no pane";
      this.#streams.set(slot, { pane, inflater: new Inflater() });
    }
    const stream = this.#streams.get(slot);
    if (stream === undefined) return `stream ${slot} never began`;
    const inputSeq = (head & TELLS_INPUT) === 0 ? null : reader.number();
    const data = (head & IS_LAST) === 0 ? reader.sized() : reader.rest();
    if (inputSeq === undefined || data === undefined) return "an item is cut short";
    const frame = stream.inflater.inflate(data, MAX_PACKED_FRAME_BYTES);
    return frame === null ? "an item is broken or too big" : { pane: stream.pane, inputSeq, frame };
  }
}
