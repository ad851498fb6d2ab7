/** Cuts long input into messages that the server takes. */

/** Largest text message of a client, bytes (protocol 1). */
export const MAX_MESSAGE_BYTES = 65_536;
/** Of which type, session id, seq and punctuation take less than this. */
const FRAME_BYTES = 512;
export const MAX_TEXT_BYTES = MAX_MESSAGE_BYTES - FRAME_BYTES;

/** Cuts `text` between code points so that each piece, as a JSON string in UTF-8, has at most `maxBytes` bytes. */
export function splitText(text: string, maxBytes: number = MAX_TEXT_BYTES): readonly string[] {
  // No code unit takes more than six bytes (a control character written as \u00XX).
  if (text.length * 6 <= maxBytes) return [text];
  const pieces: string[] = [];
  let start = 0;
  let at = 0;
  let bytes = 0;
  for (const character of text) {
    const more = jsonBytes(character);
    if (bytes + more > maxBytes && at > start) {
      pieces.push(text.slice(start, at));
      start = at;
      bytes = 0;
    }
    bytes += more;
    at += character.length;
  }
  pieces.push(text.slice(start));
  return pieces;
}

/** UTF-8 bytes of one code point inside a JSON string as `JSON.stringify` writes it. */
function jsonBytes(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return 6;
  if (character === '"' || character === "\\") return 2;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  if (code >= 0xd800 && code < 0xe000) return 6;
  return code < 0x10000 ? 3 : 4;
}
