/** What is open in the page: the place, and at most one overlay. */

import { createStore, type StoreApi } from "zustand/vanilla";
import type { Overlay } from "./action";
import { GRID, type Place } from "./place";

export interface ShellState {
  readonly place: Place;
  readonly overlay: Overlay | null;
  /** The tile that arrows start from and that gets the focus back; a session id. */
  readonly selected: string | null;
  readonly go: (place: Place) => void;
  readonly show: (overlay: Overlay | null) => void;
  readonly select: (sessionId: string | null) => void;
}

export type ShellStore = StoreApi<ShellState>;

export function createShellStore(place: Place = GRID): ShellStore {
  return createStore<ShellState>((set) => ({
    place,
    overlay: null,
    selected: place.kind === "terminal" ? place.sessionId : null,
    go: (next) =>
      set(
        next.kind === "terminal"
          ? { place: next, overlay: null, selected: next.sessionId }
          : { place: next, overlay: null },
      ),
    show: (overlay) => set({ overlay }),
    select: (selected) => set({ selected }),
  }));
}
