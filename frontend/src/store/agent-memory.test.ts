import { expect, test } from "vitest";
import { memoryWords } from "./agent-memory";

test("memory is told in mebibytes, small amounts with a digit", () => {
  expect(memoryWords({ memory_bytes: 263 * 1024 * 1024, processes: 4 })).toBe("263 MiB in 4 processes");
  expect(memoryWords({ memory_bytes: 3_250_586, processes: 1 })).toBe("3.1 MiB in 1 process");
});
