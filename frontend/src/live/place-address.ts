/** Keeps the place in the address, so that reload and the back button lead where one expects. */

import { parsePlace, placeHash } from "@/store/place";
import type { ShellStore } from "@/store/shell";

/** Follows both ways; returns what ends that. */
export function followAddress(shell: ShellStore, page: Window): () => void {
  const end = shell.subscribe(({ place }, before) => {
    const hash = placeHash(place);
    if (place !== before.place && hash !== page.location.hash) page.history.pushState(null, "", hash);
  });
  const back = () => {
    const place = parsePlace(page.location.hash);
    if (placeHash(place) !== placeHash(shell.getState().place)) shell.getState().go(place);
  };
  page.addEventListener("popstate", back);
  return () => {
    end();
    page.removeEventListener("popstate", back);
  };
}
