/** Web addresses that stand in a row of plain text. */

import type { Line } from "../core";

export interface LinkInLine {
  readonly url: string;
  readonly from: number;
  /** The column after the last one. */
  readonly to: number;
}

const ADDRESS = /\bhttps?:\/\/[^\s<>"'`{}|\\^]+/g;
/** What ends a sentence does not belong to an address. */
const TRAILING = /[.,;:!?]+$/;

/** True for what may be opened from a terminal: nothing but http and https. */
export function isPageAddress(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol } = new URL(url);
  return protocol === "http:" || protocol === "https:";
}

export function linksIn(line: Line): readonly LinkInLine[] {
  const text = line.toString();
  if (!text.includes("://")) return [];
  const columns = columnsOf(line);
  const links: LinkInLine[] = [];
  for (const { 0: match, index } of text.matchAll(ADDRESS)) {
    const url = withoutTrailing(match);
    const from = columns[index];
    const to = columns[index + url.length] ?? line.columns;
    if (from !== undefined && isPageAddress(url)) links.push({ url, from, to });
  }
  return links;
}

/** The column in which each UTF-16 unit of the line's text stands. */
function columnsOf(line: Line): readonly number[] {
  return line.texts.flatMap((text, column) => new Array<number>(text.length).fill(column));
}

/** A bracket at the end belongs to the address only when it was opened in it. */
function withoutTrailing(match: string): string {
  let url = match.replace(TRAILING, "");
  for (const [open, close] of ["()", "[]"]) {
    while (close !== undefined && open !== undefined && url.endsWith(close)) {
      if (url.split(open).length >= url.split(close).length) break;
      url = url.slice(0, -1).replace(TRAILING, "");
    }
  }
  return url;
}
