/** Base64 without a browser. */

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Base64 of a text whose characters are bytes (0..255). */
export function base64OfBytes(bytes: string): string {
  let encoded = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const count = Math.min(3, bytes.length - at);
    const group =
      ((bytes.charCodeAt(at) & 255) << 16) |
      ((count > 1 ? bytes.charCodeAt(at + 1) & 255 : 0) << 8) |
      (count > 2 ? bytes.charCodeAt(at + 2) & 255 : 0);
    for (let place = 0; place < 4; place += 1) {
      encoded += place <= count ? BASE64.charAt((group >> (18 - 6 * place)) & 63) : "=";
    }
  }
  return encoded;
}
