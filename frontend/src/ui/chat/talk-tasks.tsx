import type { TaskRow } from "@/store/task";
import { TaskList } from "../tasks/task-list";

/** Tasks that came of what was said, moving; each opens. */
export function TalkTasks({ rows }: { readonly rows: readonly TaskRow[] }) {
  return (
    <div className="mr-[12%] max-sm:mr-0" data-testid="talk-tasks">
      <TaskList tasks={rows} opened={null} label="Tasks that were given" />
    </div>
  );
}
