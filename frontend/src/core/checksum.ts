/** CRC-32 (zlib) over the UTF-8 text of a screen (protocol 1.5), without making the bytes. */

import type { Line } from "./line";

const POLYNOMIAL = 0xedb88320;
const LINE_FEED = 10;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value >>> 0;
});

/** CRC-32 of a text's UTF-8 bytes, as an unsigned number. */
export function crc32OfText(text: string): number {
  return finish(addText(-1, text));
}

/** CRC-32 of all rows joined by line feeds, a line feed, and `row,column` of the cursor. */
export function crc32OfScreen(lines: readonly Line[], cursorRow: number, cursorColumn: number): number {
  let crc = -1;
  for (const line of lines) {
    for (const text of line.texts) crc = addText(crc, text);
    crc = addByte(crc, LINE_FEED);
  }
  return finish(addText(crc, `${cursorRow},${cursorColumn}`));
}

function finish(crc: number): number {
  return ~crc >>> 0;
}

function addByte(crc: number, byte: number): number {
  return (crc >>> 8) ^ (TABLE[(crc ^ byte) & 255] ?? 0);
}

function addText(start: number, text: string): number {
  let crc = start;
  for (let at = 0; at < text.length; at += 1) {
    let code = text.charCodeAt(at);
    if (code < 0x80) {
      crc = addByte(crc, code);
      continue;
    }
    if (code >= 0xd800 && code < 0xdc00 && at + 1 < text.length) {
      code = 0x10000 + ((code - 0xd800) << 10) + (text.charCodeAt(at + 1) - 0xdc00);
      at += 1;
    }
    crc = addWide(crc, code);
  }
  return crc;
}

function addWide(start: number, code: number): number {
  let crc = start;
  if (code < 0x800) {
    crc = addByte(crc, 0xc0 | (code >> 6));
  } else {
    if (code < 0x10000) {
      crc = addByte(crc, 0xe0 | (code >> 12));
    } else {
      crc = addByte(crc, 0xf0 | (code >> 18));
      crc = addByte(crc, 0x80 | ((code >> 12) & 63));
    }
    crc = addByte(crc, 0x80 | ((code >> 6) & 63));
  }
  return addByte(crc, 0x80 | (code & 63));
}
