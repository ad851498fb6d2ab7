import { type KeyboardEvent, useEffect, useRef } from "react";
import type { Agent } from "@/core";
import { type Direction, gridLayout, neighbour } from "@/store/grid-layout";
import { useMay, usePerform, usePreferences, useShell } from "../orchestra-context";
import { useSize } from "../use-size";
import { Tile } from "./tile";
import { VacantTile } from "./vacant-tile";

/** A cell's height over its width: line height 1.32 and advance 0.6 of JetBrains Mono. */
const CELL_ASPECT = 2.2;
/** Border and padding of a tile's screen, both sides. */
const FRAME_PX = 12;
const HEAD_PX = { comfortable: 30, compact: 24 };
const GAP_PX = { comfortable: 12, compact: 6 };

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

/** Height over width of the middle one of all screens, within reason; the others are fitted into it. */
function screenAspect(agents: readonly Agent[]): number {
  const all = agents.map((agent) => (agent.rows / agent.columns) * CELL_ASPECT).sort((a, b) => a - b);
  return Math.min(0.8, Math.max(0.4, all[all.length >> 1] ?? 0.6));
}

interface TileGridProps {
  readonly agents: readonly Agent[];
  readonly label: string;
  readonly shown: boolean;
  /** Shows what else could be started, while there is little to see. */
  readonly inviting?: boolean;
}

/** This few agents leave the grid so empty that it offers more. */
const FEW_AGENTS = 1;

/** Tiles as large as they all fit; arrows move, Enter opens, Delete stops. */
export function TileGrid({ agents, label, shown, inviting = false }: TileGridProps) {
  const area = useRef<HTMLDivElement>(null);
  const size = useSize(area);
  const density = usePreferences((state) => state.density);
  const selected = useShell((state) => state.selected);
  const perform = usePerform();
  const mayStop = useMay("agents:kill");
  const maySpawn = useMay("agents:spawn");
  const invites = inviting && maySpawn && agents.length <= FEW_AGENTS;
  const list = useRef<HTMLUListElement>(null);
  const current = Math.max(
    0,
    agents.findIndex((agent) => agent.session_id === selected),
  );
  const layout =
    size === null
      ? null
      : gridLayout({
          width: size.width,
          height: size.height,
          count: agents.length + (invites ? 1 : 0),
          gap: GAP_PX[density],
          head: HEAD_PX[density] + FRAME_PX,
          aspect: screenAspect(agents),
        });

  // Coming back from a terminal, the focus returns to its tile.
  useEffect(() => {
    if (!shown || selected === null || document.activeElement !== document.body) return;
    list.current?.querySelector<HTMLElement>(`[data-tile="${selected}"]`)?.focus({ preventScroll: false });
  }, [shown, selected]);

  const onKeyDown = (event: KeyboardEvent) => {
    const onTile = event.target instanceof HTMLElement && event.target.dataset["tile"] !== undefined;
    const agent = agents[current];
    if (!onTile || layout === null || agent === undefined) return;
    const direction = ARROWS[event.key];
    if (direction !== undefined) {
      event.preventDefault();
      const target = agents[neighbour(current, direction, layout.columns, agents.length)];
      list.current?.querySelector<HTMLElement>(`[data-tile="${target?.session_id}"]`)?.focus();
    } else if (event.key === "Delete" && mayStop) {
      event.preventDefault();
      perform({ kind: "show", overlay: { kind: "stop", agentId: agent.id } });
    }
  };

  return (
    <div ref={area} className="h-full min-h-0 w-full">
      {layout !== null && (
        <ul
          ref={list}
          aria-label={label}
          onKeyDown={onKeyDown}
          className="grid gap-(--tile-gap)"
          style={{
            gridTemplateColumns: `repeat(${layout.columns}, ${layout.tileWidth}px)`,
            gridAutoRows: `${layout.tileHeight}px`,
          }}
        >
          {agents.map((agent, place) => (
            <Tile key={agent.id} agent={agent} place={place} selected={place === current} shown={shown} />
          ))}
          {invites && <VacantTile />}
        </ul>
      )}
    </div>
  );
}
