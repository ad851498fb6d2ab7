import { expect, test } from "vitest";
import { Api } from "./client";
import type { Problem } from "./problem";

interface Call {
  readonly url: string;
  readonly init: RequestInit;
}

/** A daemon that gives one answer and remembers what it was asked. */
function daemon(status: number, body: unknown) {
  const calls: Call[] = [];
  let signedOut = 0;
  const api = new Api({
    origin: "http://host",
    token: () => "T",
    onSignedOut: () => {
      signedOut += 1;
    },
    fetch: async (url, init) => {
      calls.push({ url: String(url), init: init ?? {} });
      const text = status === 204 ? null : typeof body === "string" ? body : JSON.stringify(body);
      return new Response(text, { status });
    },
  });
  return { api, calls, signedOut: () => signedOut };
}

async function problemOf(promise: Promise<unknown>): Promise<Problem> {
  return await promise.then(
    () => {
      throw new Error("should have failed");
    },
    (error: Problem) => error,
  );
}

test("every call but signing in carries the bearer token", async () => {
  const { api, calls } = daemon(200, { profiles: [], access_token: "A", expires_unix_s: 9 });
  await api.profiles();
  await api.logIn("code");
  expect(calls.map(({ init }) => new Headers(init.headers).get("authorization"))).toEqual(["Bearer T", null]);
});

test("a token comes back in our own words", async () => {
  const { api } = daemon(200, { access_token: "A", expires_unix_s: 9 });
  expect(await api.logIn("code")).toEqual({ accessToken: "A", expiresUnixS: 9 });
});

test("a problem keeps its code, its sentence and its field", async () => {
  const { api } = daemon(400, {
    title: "Bad",
    detail: "No such folder.",
    code: "bad_cwd",
    field: "cwd",
    request_id: "r",
  });
  const problem = await problemOf(api.spawn({ profile: "shell" }));
  expect(problem).toMatchObject({
    status: 400,
    code: "bad_cwd",
    message: "No such folder.",
    field: "cwd",
    requestId: "r",
  });
});

test("an error without a JSON body still says its status", async () => {
  const { api } = daemon(502, "<html>");
  expect((await problemOf(api.profiles())).message).toContain("502");
});

test("a refused token signs the page out, other refusals do not", async () => {
  const refused = daemon(401, {});
  await problemOf(refused.api.profiles());
  const forbidden = daemon(403, {});
  await problemOf(forbidden.api.profiles());
  expect([refused.signedOut(), forbidden.signedOut()]).toEqual([1, 0]);
});

test("a wrong sign-in code does not sign anybody out", async () => {
  const { api, signedOut } = daemon(401, { detail: "Used." });
  await problemOf(api.logIn("old"));
  expect(signedOut()).toBe(0);
});

test("a daemon that does not answer is a problem of its own, with what to do", async () => {
  const api = new Api({
    origin: "",
    token: () => null,
    onSignedOut: () => {},
    fetch: () => Promise.reject(new TypeError("fetch failed")),
  });
  const problem = await problemOf(api.profiles());
  expect(problem).toMatchObject({ status: 0, code: "unreachable" });
  expect(problem.message).toContain("orchestra serve");
});

test("removing an agent that has ended answers with nothing", async () => {
  const { api, calls } = daemon(204, null);
  expect(await api.stopOrRemove("agent-x")).toBeNull();
  expect(calls[0]).toMatchObject({ url: "http://host/api/agents/agent-x", init: { method: "DELETE" } });
});

test("a profile of several agents gives them all, any other its one", async () => {
  const one = daemon(201, { id: "1" });
  const four = daemon(201, { id: "1", agents: [{ id: "1" }, { id: "2" }] });
  expect(await one.api.spawn({ profile: "shell" })).toHaveLength(1);
  expect(await four.api.spawn({ profile: "demo" })).toHaveLength(2);
});

test("the newest history is asked for without a row, older history with one", async () => {
  const { api, calls } = daemon(200, {});
  const { signal } = new AbortController();
  await api.scrollback("sess-x", null, 200, signal);
  await api.scrollback("sess-x", 40, 200, signal);
  expect(calls.map(({ url }) => url.split("?")[1])).toEqual(["limit=200", "limit=200&before=40"]);
});
