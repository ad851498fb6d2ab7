import { useEffect, useRef } from "react";
import type { SignedOutReason } from "@/store/sign-in";
import { useOrchestra, useSignIn } from "./orchestra-context";
import { SignInPanel } from "./sign-in-panel";

const WORDS: Readonly<Record<SignedOutReason, readonly [string, string]>> = {
  none: ["Sign in", "Type this in a terminal on the daemon's machine. It opens a sign-in link."],
  expired: [
    "Your sign-in has ended",
    "The agents go on without you. Type this in a terminal to get a new link.",
  ],
  refused: [
    "The daemon does not accept this sign-in",
    "It may have been started anew. Type this in a terminal to get a new link.",
  ],
  asked: ["You are signed out", "The agents go on without you. Type this in a terminal to come back."],
};

/** Over the last picture, dimmed, while nobody is signed in. */
export function SignedOut() {
  const { api, signIn } = useOrchestra();
  const reason = useSignIn((state) => state.reason);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.querySelector("input")?.focus(), []);
  const [title, text] = WORDS[reason];
  return (
    <div
      ref={place}
      className="fixed inset-0 z-50 flex items-center justify-center bg-scrim"
      data-testid="signed-out"
    >
      <SignInPanel
        title={title}
        text={text}
        onCode={async (code) => signIn.getState().signIn(await api.logIn(code))}
      />
    </div>
  );
}
