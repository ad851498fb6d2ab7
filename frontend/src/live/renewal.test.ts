import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Problem } from "@/api/problem";
import type { SessionEvent } from "@/core";
import { memoryStore } from "@/store/memory-store";
import { createSignInStore, RENEW_BEFORE_S, type Token } from "@/store/sign-in";
import type { Orchestra } from "./orchestra";
import { keepSignedIn } from "./renewal";

const START_MS = 1_800_000_000_000;
const HOUR_S = 3600;

beforeEach(() => {
  vi.useFakeTimers({ now: START_MS });
});
afterEach(() => {
  vi.useRealTimers();
});

const unixS = () => Date.now() / 1000;

/** The parts of the page that renewal touches; `renew` stands for the daemon. */
function page(renew: () => Promise<Token>) {
  const signIn = createSignInStore(memoryStore(), unixS());
  signIn.getState().signIn({ accessToken: "first", expiresUnixS: unixS() + HOUR_S });
  let listener: (event: SessionEvent) => void = () => {};
  const orchestra = {
    signIn,
    serverUnixS: unixS,
    api: { renew },
    link: {
      onEvent: (on: (event: SessionEvent) => void) => {
        listener = on;
        return () => {};
      },
    },
    signOut: (reason: "expired") => signIn.getState().signOut(reason),
  } as unknown as Orchestra;
  return { signIn, tell: (event: SessionEvent) => listener(event), end: keepSignedIn(orchestra) };
}

test("a token is renewed some minutes before it ends, again and again", async () => {
  let count = 0;
  const { signIn, end } = page(async () => {
    count += 1;
    return { accessToken: `renewed ${count}`, expiresUnixS: unixS() + HOUR_S };
  });
  await vi.advanceTimersByTimeAsync((HOUR_S - RENEW_BEFORE_S - 5) * 1000);
  expect(signIn.getState().token?.accessToken).toBe("first");
  await vi.advanceTimersByTimeAsync(10_000);
  expect(signIn.getState().token?.accessToken).toBe("renewed 1");
  await vi.advanceTimersByTimeAsync(HOUR_S * 1000);
  expect(signIn.getState().token?.accessToken).toBe("renewed 2");
  end();
});

test("a daemon that does not answer is asked again until it does", async () => {
  let asked = 0;
  const { signIn, end } = page(async () => {
    asked += 1;
    if (asked < 3) throw new Problem(0, "unreachable", "No answer.");
    return { accessToken: "renewed", expiresUnixS: unixS() + HOUR_S };
  });
  await vi.advanceTimersByTimeAsync((HOUR_S - RENEW_BEFORE_S + 60) * 1000);
  expect(asked).toBe(3);
  expect(signIn.getState().token?.accessToken).toBe("renewed");
  end();
});

test("a sign-in that may not be made longer runs out, and the page says so", async () => {
  let asked = 0;
  const { signIn, end } = page(async () => {
    asked += 1;
    throw new Problem(403, "too_long", "Sign in again.");
  });
  await vi.advanceTimersByTimeAsync((HOUR_S - 10) * 1000);
  expect(signIn.getState().token).not.toBeNull();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(signIn.getState()).toMatchObject({ token: null, reason: "expired" });
  expect(asked).toBeLessThan(5);
  end();
});

test("the daemon's warning renews at once", async () => {
  const { signIn, tell, end } = page(async () => ({
    accessToken: "renewed",
    expiresUnixS: unixS() + HOUR_S,
  }));
  tell({ type: "auth_expiring", expiresUnixS: unixS() + 120 });
  await vi.advanceTimersByTimeAsync(0);
  expect(signIn.getState().token?.accessToken).toBe("renewed");
  end();
});

test("nothing is renewed after the page has ended it", async () => {
  let asked = 0;
  const { end } = page(async () => {
    asked += 1;
    return { accessToken: "renewed", expiresUnixS: unixS() + HOUR_S };
  });
  end();
  await vi.advanceTimersByTimeAsync(2 * HOUR_S * 1000);
  expect(asked).toBe(0);
});
