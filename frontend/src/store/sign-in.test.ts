import { describe, expect, test } from "vitest";
import { memoryStore } from "./memory-store";
import { createSignInStore, parseCode, parseToken, RENEW_BEFORE_S, renewInS, TOKEN_KEY } from "./sign-in";

const NOW = 1_000_000;
const TOKEN = { accessToken: "aaa.bbb.ccc", expiresUnixS: NOW + 3600 };

describe("the code", () => {
  test.each([
    ["http://127.0.0.1:8421/login#code=login-Ab_3", "login-Ab_3"],
    ["  http://127.0.0.1:8421/login#code=login-Ab_3\n", "login-Ab_3"],
    ["#code=login-Ab_3", "login-Ab_3"],
    ["#x=1&code=login-Ab_3", "login-Ab_3"],
    ["login-Ab_3", "login-Ab_3"],
    ["code=login-Ab_3", "login-Ab_3"],
  ])("is found in %j", (pasted, code) => {
    expect(parseCode(pasted)).toBe(code);
  });

  test.each([
    "",
    "   ",
    "#",
    "#code=",
    "#/grid",
    "http://127.0.0.1:8421/login",
    "two words",
    `#code=${"x".repeat(600)}`,
  ])("is not found in %j", (pasted) => {
    expect(parseCode(pasted)).toBeNull();
  });
});

describe("the token", () => {
  test("survives a reload of its tab", () => {
    const storage = memoryStore();
    createSignInStore(storage, NOW).getState().signIn(TOKEN);
    expect(createSignInStore(storage, NOW).getState().token).toEqual(TOKEN);
  });

  test("that has expired is not used, and the page says so", () => {
    const storage = memoryStore({ [TOKEN_KEY]: JSON.stringify(TOKEN) });
    expect(createSignInStore(storage, NOW + 3600).getState()).toMatchObject({
      token: null,
      reason: "expired",
    });
  });

  test("leaves the storage when one signs out", () => {
    const storage = memoryStore();
    const store = createSignInStore(storage, NOW);
    store.getState().signIn(TOKEN);
    store.getState().signOut("asked");
    expect(storage.kept.size).toBe(0);
    expect(store.getState()).toMatchObject({ token: null, reason: "asked" });
  });

  test.each([
    null,
    "",
    "nonsense",
    "[]",
    "7",
    '{"accessToken":"a"}',
    '{"accessToken":"","expiresUnixS":9e9}',
  ])("is none in storage that holds %j", (text) => {
    expect(parseToken(text, NOW)).toBeNull();
  });

  test("is renewed some minutes before it ends", () => {
    expect(renewInS(TOKEN, NOW)).toBe(3600 - RENEW_BEFORE_S);
  });

  test("of a short life is renewed at half of it", () => {
    expect(renewInS({ ...TOKEN, expiresUnixS: NOW + 60 }, NOW)).toBe(30);
  });

  test("that should have been renewed is renewed at once", () => {
    expect(renewInS(TOKEN, NOW + 4000)).toBe(0);
  });
});
