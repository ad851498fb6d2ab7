import { ChevronDown, ChevronUp, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { SearchResult } from "@/browser";
import { Button } from "../components/button";
import { TextInput } from "../components/field";

interface HistorySearchBarProps {
  /** Null when a newer search came in between. */
  readonly onSearch: (text: string) => Promise<SearchResult | null>;
  readonly onStep: (older: 1 | -1) => SearchResult | null;
  readonly onClose: () => void;
}

/** A search begins this long after the last key. */
const PAUSE_MS = 150;
const MAX_CHARACTERS = 200;

function words(result: SearchResult | null): string {
  if (result === null || result.text === "") return "";
  if (result.count === 0) return "Nothing found";
  return `${result.current} of ${result.count}${result.more ? " and more" : ""}`;
}

/** A field over the history: Enter goes to older rows, Shift-Enter to newer ones, Escape ends the search. */
export function HistorySearchBar({ onSearch, onStep, onClose }: HistorySearchBarProps) {
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [result, setResult] = useState<SearchResult | null>(null);
  const search = useRef(onSearch);
  search.current = onSearch;

  useEffect(() => field.current?.focus(), []);

  useEffect(() => {
    const timer = setTimeout(async () => {
      const found = await search.current(text);
      if (found !== null) setResult(found);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);

  const step = (older: 1 | -1) => setResult(onStep(older));

  const key = (event: KeyboardEvent) => {
    if (event.key === "Escape") onClose();
    else if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <search
      aria-label="Search in the history"
      data-testid="history-search"
      className="absolute top-2 right-4 z-20 flex max-w-[calc(100%-16px)] animate-float-in items-center gap-1 rounded-md border border-n-7 bg-float p-1 shadow-float max-sm:right-2"
    >
      <TextInput
        ref={field}
        aria-label="Text to look for"
        placeholder="Search in the history"
        maxLength={MAX_CHARACTERS}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={key}
        className="w-56 min-w-0 max-sm:w-40"
      />
      <output className="min-w-20 px-1 text-n-11 text-xs tabular-nums">{words(result)}</output>
      <Button tone="quiet" size="iconSm" aria-label="Older" onClick={() => step(1)}>
        <ChevronUp size={15} aria-hidden />
      </Button>
      <Button tone="quiet" size="iconSm" aria-label="Newer" onClick={() => step(-1)}>
        <ChevronDown size={15} aria-hidden />
      </Button>
      <Button tone="quiet" size="iconSm" aria-label="End the search" onClick={onClose}>
        <X size={15} aria-hidden />
      </Button>
    </search>
  );
}
