/** A screen that lives: what painters draw from, whoever feeds it. */

import type { Screen } from "../core";

export interface ScreenSource {
  /** The same object for the life of the source; it has no rows until its first keyframe came. */
  readonly screen: Screen;
  /** Calls `listener` after every change; returns what ends that. */
  watch(listener: () => void): () => void;
}
