/** The form of a new task: text as typed, and the request that it makes. */

export interface NewTaskForm {
  readonly to: string;
  readonly title: string;
  readonly brief: string;
  readonly cwd: string;
  /** Numbers of tasks, as people write lists. */
  readonly after: string;
  readonly approve: boolean;
  readonly worktree: boolean;
}

/** Names as in the request, so that the daemon's `field` finds its place. */
export type NewTaskField = keyof NewTaskForm;

export interface TaskRequest {
  readonly to: string;
  readonly brief: string;
  readonly title?: string;
  readonly cwd?: string;
  readonly after?: readonly number[];
  readonly approve?: boolean;
  readonly worktree?: boolean;
}

export type TaskReading =
  | { readonly ok: true; readonly request: TaskRequest }
  | { readonly ok: false; readonly errors: Partial<Record<NewTaskField, string>> };

export const EMPTY_TASK: NewTaskForm = {
  to: "",
  title: "",
  brief: "",
  cwd: "",
  after: "",
  approve: false,
  worktree: false,
};

/** `3, #5 6` as numbers; null where one is none. */
function taskNumbers(text: string): readonly number[] | null {
  const words = text.split(/[\s,;]+/).filter((word) => word !== "");
  const numbers = words.map((word) => (/^#?\d{1,15}$/.test(word) ? Number(word.replace("#", "")) : null));
  return numbers.every((number) => number !== null) ? [...new Set(numbers)] : null;
}

/** What is empty is left to the daemon; what cannot be right is said before asking it. */
export function readTaskForm(form: NewTaskForm): TaskReading {
  const errors: Partial<Record<NewTaskField, string>> = {};
  const title = form.title.trim();
  const cwd = form.cwd.trim();
  const after = taskNumbers(form.after);
  if (form.to === "") errors.to = "Choose who is to do it.";
  if (form.brief.trim() === "") errors.brief = "Say what is to be done.";
  if (after === null) errors.after = "Numbers of tasks, with commas between.";
  if (Object.keys(errors).length > 0 || after === null) return { ok: false, errors };
  return {
    ok: true,
    request: {
      to: form.to,
      brief: form.brief,
      ...(title === "" ? {} : { title }),
      ...(cwd === "" ? {} : { cwd }),
      ...(after.length === 0 ? {} : { after }),
      ...(form.approve ? { approve: true } : {}),
      ...(form.worktree ? { worktree: true } : {}),
    },
  };
}
