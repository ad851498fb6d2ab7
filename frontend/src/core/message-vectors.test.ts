import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseServerMessage } from "./parse-message";

interface MessageVector {
  from: "client" | "server";
  message: string;
  code?: string;
}

const file = new URL("../../../tests/vectors/messages.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as MessageVector[];
const ours = vectors.filter((vector) => vector.from === "server").map((vector) => vector.message);

describe("the daemon's messages, byte for byte", () => {
  it.each(ours)("%s is read, field by field", (text) => {
    const sent = JSON.parse(text) as Record<string, unknown>;
    const read = parseServerMessage(text) as unknown as Record<string, unknown>;
    expect(Object.keys(read).sort()).toEqual(Object.keys(sent).sort());
    for (const [name, value] of Object.entries(sent)) expect(read[name]).toEqual(value);
  });

  it("covers every kind of message that the page knows", () => {
    const kinds = new Set(ours.map((text) => (JSON.parse(text) as { type: string }).type));
    expect(kinds.size).toBe(15);
  });
});
