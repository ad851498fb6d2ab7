/** Everything that a person can ask of the page, as values: keys and the command palette both speak these. */

import type { Place } from "./place";
import type { Density, Theme } from "./preferences";

export type Overlay =
  | { readonly kind: "palette" }
  | { readonly kind: "keys" }
  | { readonly kind: "new_agent"; readonly profile?: string }
  | { readonly kind: "new_task" }
  | { readonly kind: "stop"; readonly agentId: string };

export type Action =
  | { readonly kind: "go"; readonly place: Place }
  | { readonly kind: "open_terminal"; readonly sessionId: string }
  | { readonly kind: "open_tile"; readonly index: number }
  | { readonly kind: "next_needs_me" }
  | { readonly kind: "leave_terminal" }
  | { readonly kind: "show"; readonly overlay: Overlay }
  | { readonly kind: "new_terminal" }
  | { readonly kind: "start_demo" }
  | { readonly kind: "fit_terminal" }
  | { readonly kind: "find_in_history" }
  | { readonly kind: "send_leader" }
  | { readonly kind: "set_theme"; readonly theme: Theme }
  | { readonly kind: "set_density"; readonly density: Density }
  | { readonly kind: "toggle_rail" }
  | { readonly kind: "toggle_screen_reader" }
  | { readonly kind: "reconnect" }
  | { readonly kind: "sign_out" };
