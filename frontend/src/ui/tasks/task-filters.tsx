import { RadioGroup } from "radix-ui";
import { passes, TASK_FILTERS } from "@/store/tasks";
import { useOrchestra, useTasks } from "../orchestra-context";

/** Which tasks are shown, and how many there are of each kind. */
export function TaskFilters() {
  const { tasks: store } = useOrchestra();
  const chosen = useTasks((state) => state.filter);
  const tasks = useTasks((state) => state.tasks);
  return (
    <RadioGroup.Root
      aria-label="Show"
      orientation="horizontal"
      value={chosen}
      onValueChange={(value) => {
        const found = TASK_FILTERS.find(({ filter }) => filter === value);
        if (found !== undefined) store.getState().choose(found.filter);
      }}
      className="flex flex-wrap gap-1"
    >
      {TASK_FILTERS.map(({ filter, word }) => (
        <RadioGroup.Item
          key={filter}
          value={filter}
          className="flex h-6.5 items-center gap-1.5 rounded-md px-2 text-n-11 text-xs hover:bg-n-4 data-[state=checked]:bg-n-5 data-[state=checked]:text-n-12 max-sm:h-9"
        >
          {word}
          <span className="text-n-10">{tasks.filter((task) => passes(task, filter)).length}</span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
