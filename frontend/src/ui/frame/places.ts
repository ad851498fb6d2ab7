import { BellRing, LayoutGrid, List, ListChecks, type LucideIcon, MessagesSquare } from "lucide-react";
import type { Overview } from "@/store/place";

export interface PlaceEntry {
  readonly kind: Overview;
  readonly title: string;
  readonly icon: LucideIcon;
  readonly keys: string;
}

/** The places that exist, for the rail and the phone's bottom bar. */
export const PLACES: readonly PlaceEntry[] = [
  { kind: "grid", title: "Grid", icon: LayoutGrid, keys: "G G" },
  { kind: "needs", title: "Needs me", icon: BellRing, keys: "G N" },
  { kind: "tasks", title: "Tasks", icon: ListChecks, keys: "G T" },
  { kind: "chat", title: "Chat", icon: MessagesSquare, keys: "G C" },
  { kind: "agents", title: "Agents", icon: List, keys: "G A" },
];
