import { Play, SquareTerminal } from "lucide-react";
import { Button } from "../components/button";
import { usePerform } from "../orchestra-context";

/** The two ways to fill a grid. */
export function StartButtons({ leading = false }: { readonly leading?: boolean }) {
  const perform = usePerform();
  return (
    <>
      <Button tone={leading ? "primary" : "plain"} onClick={() => perform({ kind: "start_demo" })}>
        <Play size={14} aria-hidden /> Try the demo
      </Button>
      <Button tone={leading ? "plain" : "quiet"} onClick={() => perform({ kind: "new_terminal" })}>
        <SquareTerminal size={15} aria-hidden /> New terminal
      </Button>
    </>
  );
}
