"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { Api } from "@/api/client";
import { asProblem, type Problem } from "@/api/problem";
import { createSignInStore, parseCode } from "@/store/sign-in";
import { SignInPanel } from "./sign-in-panel";

type Standing =
  | { readonly kind: "asking" }
  | { readonly kind: "no_code" }
  | { readonly kind: "failed"; readonly message: string };

const HOME = "/";
const TOO_FAST = 429;

async function logIn(code: string): Promise<void> {
  const api = new Api({ origin: "", token: () => null, onSignedOut: () => {} });
  const token = await api.logIn(code);
  createSignInStore(sessionStorage, Date.now() / 1000)
    .getState()
    .signIn(token);
  location.replace(HOME);
}

/** A code that the daemon does not know is not told apart from a used or old one. */
function failureWords(problem: Problem): string {
  if (problem.status === 0) return problem.message;
  if (problem.status >= 500 || problem.status === TOO_FAST) return `${problem.message} Then try a new link.`;
  return "It was used before or is older than 60 seconds. Type this in a terminal to get a new one.";
}

/** Where a sign-in link leads: takes the code out of the address at once, trades it for a token, and goes to the grid. */
export function LoginPage() {
  const [standing, setStanding] = useState<Standing>({ kind: "asking" });
  const started = useRef(false);

  const take = useCallback(async () => {
    const code = parseCode(location.hash);
    history.replaceState(null, "", location.pathname);
    if (code === null) return setStanding({ kind: "no_code" });
    setStanding({ kind: "asking" });
    try {
      await logIn(code);
    } catch (thrown) {
      setStanding({ kind: "failed", message: failureWords(asProblem(thrown)) });
    }
  }, []);

  useEffect(() => {
    if (!started.current) void take();
    started.current = true;
    // A link pasted into the address of this very page changes only the fragment.
    const onHash = () => location.hash !== "" && void take();
    window.addEventListener("hashchange", onHash);
    return () => window.removeEventListener("hashchange", onHash);
  }, [take]);

  return (
    <main
      className="flex h-dvh items-center justify-center bg-n-2"
      data-testid="login"
      data-state={standing.kind}
    >
      {standing.kind === "asking" && (
        <p role="status" className="text-n-11">
          Signing in
        </p>
      )}
      {standing.kind === "no_code" && (
        <SignInPanel
          title="Sign in"
          text="Type this in a terminal on the daemon's machine. It opens a sign-in link."
          onCode={logIn}
        />
      )}
      {standing.kind === "failed" && (
        <SignInPanel
          key={standing.message}
          title="This link did not work"
          text={standing.message}
          onCode={logIn}
        />
      )}
    </main>
  );
}
