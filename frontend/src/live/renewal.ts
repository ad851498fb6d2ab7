/** Renews the token before it ends; when that is refused, lets it end and says so. */

import { asProblem } from "@/api/problem";
import { renewInS } from "@/store/sign-in";
import type { Orchestra } from "./orchestra";

/** After a renewal that failed without an answer. */
const RETRY_S = 20;
/** setTimeout counts in 32 bits. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Keeps the sign-in alive; returns what ends that. */
export function keepSignedIn(orchestra: Orchestra): () => void {
  const { signIn, api, link } = orchestra;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let renewing = false;

  const wakeIn = (seconds: number) => {
    clearTimeout(timer);
    timer = setTimeout(wake, Math.min(seconds * 1000, MAX_TIMER_MS));
  };
  // Counted once a token, when it comes: half of what is left would be half again at every look.
  let dueUnixS = 0;
  const take = () => {
    const { token } = signIn.getState();
    dueUnixS = token === null ? 0 : orchestra.serverUnixS() + renewInS(token, orchestra.serverUnixS());
    wake();
  };
  const wake = () => {
    const { token } = signIn.getState();
    const now = orchestra.serverUnixS();
    if (token === null) clearTimeout(timer);
    else if (token.expiresUnixS <= now) orchestra.signOut("expired");
    else if (now < dueUnixS) wakeIn(dueUnixS - now);
    else void renew();
  };
  const renew = async () => {
    if (renewing) return;
    renewing = true;
    try {
      signIn.getState().signIn(await api.renew());
    } catch (error) {
      // 401 has already signed us out; 403 means that the sign-in may not be made longer: it runs out by itself.
      const { status } = asProblem(error);
      const left = (signIn.getState().token?.expiresUnixS ?? 0) - orchestra.serverUnixS();
      wakeIn(status === 403 ? Math.max(1, left) : Math.max(1, Math.min(RETRY_S, left)));
    } finally {
      renewing = false;
    }
  };
  const ends = [
    signIn.subscribe(take),
    link.onEvent((event) => {
      if (event.type === "auth_expiring") void renew();
    }),
  ];
  take();
  return () => {
    clearTimeout(timer);
    for (const end of ends) end();
  };
}
