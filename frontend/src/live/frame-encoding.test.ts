import { describe, expect, it } from "vitest";
import { frameEncoding } from "./frame-encoding";

describe("frameEncoding", () => {
  it.each(["localhost", "orchestra.localhost", "127.0.0.1", "127.8.9.10", "[::1]"])(
    "asks %s, its own machine, for plain frames",
    (host) => expect(frameEncoding(host)).toBe("cells"),
  );

  it.each([
    "orchestra.example.org",
    "127.0.0.1.example.org",
    "localhost.example.org",
    "10.0.0.7",
    "[fd00::1]",
  ])("asks %s for packed ones", (host) => expect(frameEncoding(host)).toBe("packed"));
});
