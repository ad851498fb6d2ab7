import { exactTime } from "@/store/age";
import type { TaskAttempt, TaskEvent } from "@/store/task";
import { TaskMark, TaskWord } from "./task-mark";

function lastedWords({ began_unix_s, ended_unix_s, is_open }: TaskAttempt): string {
  if (is_open || ended_unix_s === null) return "under way";
  const seconds = Math.max(0, ended_unix_s - began_unix_s);
  return seconds < 60
    ? `${seconds.toFixed(1)} s`
    : `${Math.floor(seconds / 60)} m ${Math.floor(seconds % 60)} s`;
}

function endWords({ outcome, is_open }: TaskAttempt): string {
  if (outcome === null) return is_open ? "" : "ended without a report";
  if (outcome.exit_code !== null) return `exit code ${outcome.exit_code}`;
  return outcome.is_success ? "done" : outcome.error;
}

/** Every start at a task, and how it ended. */
export function TaskAttempts({ attempts }: { readonly attempts: readonly TaskAttempt[] }) {
  return (
    <ol aria-label="Attempts" className="flex flex-col gap-0.5 text-xs" data-testid="task-attempts">
      {attempts.map((attempt) => (
        <li key={attempt.number} className="flex gap-3">
          <span className="text-n-10">Attempt {attempt.number}</span>
          <span>{endWords(attempt)}</span>
          <span className="text-n-10">{lastedWords(attempt)}</span>
        </li>
      ))}
    </ol>
  );
}

/** What happened to a task, oldest first. */
export function TaskEvents({ events }: { readonly events: readonly TaskEvent[] }) {
  return (
    <ol aria-label="Events" className="flex flex-col gap-1 text-xs" data-testid="task-events">
      {events.map((event) => (
        <li key={event.seq} className="flex items-baseline gap-2">
          <time
            dateTime={new Date(event.unix_ms).toISOString()}
            title={exactTime(event.unix_ms / 1000)}
            className="shrink-0 font-mono text-2xs text-n-10"
          >
            {new Date(event.unix_ms).toLocaleTimeString(undefined, { hour12: false })}
          </time>
          {event.state === undefined ? (
            <span>{event.kind}</span>
          ) : (
            <span className="flex shrink-0 items-center gap-1.5 self-center">
              <TaskMark state={event.state} still />
              <TaskWord state={event.state} />
            </span>
          )}
          <span className="min-w-0 break-words text-n-11">{event.reason}</span>
        </li>
      ))}
    </ol>
  );
}
