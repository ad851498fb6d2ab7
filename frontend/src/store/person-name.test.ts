import { expect, test } from "vitest";
import { personName } from "./person-name";

test.each([
  ["urn:x:sha-256:abc|local|root", "root"],
  ["local|root", "root"],
  ["root", "root"],
])("%s is %s", (identity, name) => {
  expect(personName(identity)).toBe(name);
});
