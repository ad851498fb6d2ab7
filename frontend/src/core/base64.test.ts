import { describe, expect, it } from "vitest";
import { base64OfBytes } from "./base64";

describe("base64OfBytes", () => {
  it("says what everyone says, for every length and all 256 bytes", () => {
    const all = String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte));
    for (let length = 0; length <= 256; length += 1) {
      const bytes = all.slice(256 - length);
      expect(base64OfBytes(bytes)).toBe(Buffer.from(bytes, "latin1").toString("base64"));
    }
  });
});
