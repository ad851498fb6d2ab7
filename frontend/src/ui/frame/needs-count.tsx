import { needingPerson } from "@/store/agents";
import { awaitingApproval } from "@/store/tasks";
import { classNames } from "../components/class-names";
import { useAgents, useMay, useTasks } from "../orchestra-context";

/** How many agents and tasks need a person; nothing at all when none does. */
export function NeedsCount({ className }: { readonly className?: string }) {
  const mayApprove = useMay("tasks:approve");
  const agents = useAgents((state) => needingPerson(state).length);
  const tasks = useTasks((state) => awaitingApproval(state.tasks).length);
  const count = agents + (mayApprove ? tasks : 0);
  if (count === 0) return null;
  return (
    <span
      data-testid="needs-count"
      className={classNames(
        "inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-full bg-attention px-1 font-semibold text-2xs text-n-1 leading-none",
        className,
      )}
    >
      {count}
    </span>
  );
}
