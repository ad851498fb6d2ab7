import { Button } from "../components/button";
import { Empty } from "../empty";
import { usePerform } from "../orchestra-context";

export function NobodyNeedsMe() {
  const perform = usePerform();
  return (
    <Empty
      title="Nobody needs you"
      text="What agents ask, tasks to approve, and agents that are blocked, failed, exited or lost come here, the longest wait first."
    >
      <Button onClick={() => perform({ kind: "go", place: { kind: "grid" } })}>Go to the grid</Button>
    </Empty>
  );
}
