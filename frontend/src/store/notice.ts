/** Short words that come up at the edge and go away: what happened, and the button that helps. */

import { createStore, type StoreApi } from "zustand/vanilla";
import type { Action } from "./action";

export interface Notice {
  readonly id: number;
  readonly tone: "info" | "success" | "danger";
  readonly text: string;
  readonly detail?: string;
  readonly help?: { readonly label: string; readonly action: Action };
}

export interface NoticeState {
  readonly notices: readonly Notice[];
  readonly say: (notice: Omit<Notice, "id">) => number;
  readonly dismiss: (id: number) => void;
}

export type NoticeStore = StoreApi<NoticeState>;

/** More than these at once cover what they are about; the oldest goes. */
export const MAX_NOTICES = 3;

export function createNoticeStore(): NoticeStore {
  let last = 0;
  return createStore<NoticeState>((set) => ({
    notices: [],
    say: (notice) => {
      last += 1;
      const id = last;
      set(({ notices }) => {
        const others = notices.filter(
          (other) => other.text !== notice.text || other.detail !== notice.detail,
        );
        return { notices: [...others, { ...notice, id }].slice(-MAX_NOTICES) };
      });
      return id;
    },
    dismiss: (id) => set(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) })),
  }));
}
