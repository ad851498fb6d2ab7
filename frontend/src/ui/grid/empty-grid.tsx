import { Empty } from "../empty";
import { useMay } from "../orchestra-context";
import { StartButtons } from "./start-buttons";

/** No agent yet: what this place is for, and the next step. */
export function EmptyGrid() {
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
      {maySpawn && <StartButtons leading />}
    </Empty>
  );
}
