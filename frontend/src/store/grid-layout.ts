/** How large tiles are: as large as all of them fit at once, never below what is still readable. Lengths are CSS pixels. */

export interface GridSpace {
  readonly width: number;
  readonly height: number;
  readonly count: number;
  readonly gap: number;
  /** Height of a tile that is not screen: header and borders. */
  readonly head: number;
  /** Height of a screen of width 1. */
  readonly aspect: number;
}

export interface GridLayout {
  readonly columns: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  /** False when the grid must scroll. */
  readonly fits: boolean;
}

/** Narrower than this a screen of 80 columns is a smudge. */
export const MIN_TILE_WIDTH = 272;
/** Wider than this one screen shouts; the rest stays quiet space. */
export const MAX_TILE_WIDTH = 860;

function tile(width: number, space: GridSpace): { tileWidth: number; tileHeight: number } {
  const tileWidth = Math.max(1, Math.floor(width));
  return { tileWidth, tileHeight: Math.ceil(tileWidth * space.aspect) + space.head };
}

function widthWhenFitting(columns: number, space: GridSpace): number {
  const rows = Math.ceil(space.count / columns);
  const byWidth = (space.width - space.gap * (columns - 1)) / columns;
  const byHeight = ((space.height - space.gap * (rows - 1)) / rows - space.head) / space.aspect;
  return Math.min(byWidth, byHeight, MAX_TILE_WIDTH);
}

/** Of arrangements whose tiles differ by less than this part, the one with more columns wins: one reads in rows. */
const NEARLY = 0.95;

function bestColumns(space: GridSpace): number {
  const counts = Array.from({ length: Math.max(1, space.count) }, (_, place) => place + 1);
  const widest = Math.max(...counts.map((columns) => widthWhenFitting(columns, space)));
  return counts.findLast((columns) => widthWhenFitting(columns, space) >= widest * NEARLY) ?? 1;
}

/** Returns the layout with the largest tiles that all fit; when those were too small, the one that scrolls. */
export function gridLayout(space: GridSpace): GridLayout {
  const best = bestColumns(space);
  const widest = widthWhenFitting(best, space);
  if (widest >= MIN_TILE_WIDTH) return { columns: best, ...tile(widest, space), fits: true };
  const columns = Math.max(1, Math.floor((space.width + space.gap) / (MIN_TILE_WIDTH + space.gap)));
  const used = Math.min(columns, Math.max(1, space.count));
  const width = Math.min((space.width - space.gap * (used - 1)) / used, MAX_TILE_WIDTH);
  return { columns: used, ...tile(width, space), fits: false };
}

export type Direction = "left" | "right" | "up" | "down";

/** The tile that an arrow leads to from tile `index`; the same one at an edge. */
export function neighbour(index: number, direction: Direction, columns: number, count: number): number {
  const step = { left: -1, right: 1, up: -columns, down: columns }[direction];
  const target = index + step;
  if (target < 0) return index;
  if (target < count) return target;
  const lastRow = Math.floor((count - 1) / columns);
  return direction === "down" && Math.floor(index / columns) < lastRow ? count - 1 : index;
}
