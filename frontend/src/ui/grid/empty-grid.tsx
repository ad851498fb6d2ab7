import { Play, SquareTerminal } from "lucide-react";
import { Button } from "../components/button";
import { Empty } from "../empty";
import { useMay, usePerform } from "../orchestra-context";

/** No agent yet: what this place is for, and the next step. */
export function EmptyGrid() {
  const perform = usePerform();
  const maySpawn = useMay("agents:spawn");
  return (
    <Empty
      title="No agents yet"
      text={
        maySpawn
          ? "Every agent you start gets a live terminal here."
          : "Agents appear here when somebody starts one. You may watch, not start them."
      }
    >
      {maySpawn && (
        <>
          <Button tone="primary" onClick={() => perform({ kind: "start_demo" })}>
            <Play size={14} aria-hidden /> Try the demo
          </Button>
          <Button onClick={() => perform({ kind: "new_terminal" })}>
            <SquareTerminal size={15} aria-hidden /> New terminal
          </Button>
        </>
      )}
    </Empty>
  );
}
