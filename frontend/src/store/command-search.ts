/** Finding a command by what was typed: every word must be there; no guessing, so that Enter never surprises. */

import type { Command } from "./command-list";

/** How well a word fits: the smaller the better; null: not at all. */
function wordRank(word: string, command: Command): number | null {
  const title = command.title.toLowerCase();
  if (title.startsWith(word)) return 0;
  if (title.split(/[\s:/._-]+/).some((part) => part.startsWith(word))) return 1;
  if (title.includes(word)) return 2;
  const rest = `${command.detail ?? ""} ${command.group}`.toLowerCase();
  return rest.includes(word) ? 3 : null;
}

function rank(words: readonly string[], query: string, command: Command): number | null {
  let sum = 0;
  for (const word of words) {
    const one = wordRank(word, command);
    if (one === null) return null;
    sum += one;
  }
  return command.title.toLowerCase().startsWith(query) ? sum - 1 : sum;
}

/** Commands that fit, the best first; those that fit alike stay in their order. An empty query fits all. */
export function searchCommands(commands: readonly Command[], typed: string): readonly Command[] {
  const query = typed.trim().toLowerCase();
  if (query === "") return commands;
  const words = query.split(/\s+/);
  return commands
    .flatMap((command) => {
      const found = rank(words, query, command);
      return found === null ? [] : [{ command, found }];
    })
    .sort((a, b) => a.found - b.found)
    .map(({ command }) => command);
}
