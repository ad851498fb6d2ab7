import { type FormEvent, useState } from "react";
import { asProblem } from "@/api/problem";
import { EMPTY_TASK, type NewTaskField, type NewTaskForm, readTaskForm } from "@/store/new-task";
import { rowOfTask } from "@/store/task";
import { Button } from "../components/button";
import { Dialog } from "../components/dialog";
import { CheckBox, Field, TextArea, TextInput } from "../components/field";
import { useOrchestra, usePerform } from "../orchestra-context";
import { firstChoice, ProfileChoice } from "./profile-choice";
import { useProfiles } from "./use-profiles";
import { useReturnFocus } from "./use-return-focus";

type Errors = Partial<Record<NewTaskField | "form", string>>;

/** Fields that have room for what is wrong with them; the rest is said below. */
const FIELDS: readonly NewTaskField[] = ["to", "title", "brief", "cwd", "after"];

function errorsOf(thrown: unknown): Errors {
  const problem = asProblem(thrown);
  const field = FIELDS.find((known) => known === problem.field) ?? "form";
  return { [field]: problem.message };
}

/** The same form, sent twice, is one task. */
function freshKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

/** Gives one task and opens it. */
export function NewTaskDialog({ onClose }: { readonly onClose: () => void }) {
  const orchestra = useOrchestra();
  const perform = usePerform();
  const profiles = useProfiles();
  const returnFocus = useReturnFocus();
  const [form, setForm] = useState<NewTaskForm>(EMPTY_TASK);
  const [key, setKey] = useState(freshKey);
  const [errors, setErrors] = useState<Errors>({});
  const [busy, setBusy] = useState(false);
  const list = profiles.kind === "there" ? profiles.profiles.filter(({ does_tasks }) => does_tasks) : [];
  const chosen = form.to !== "" ? form.to : firstChoice(list);
  const change = (part: Partial<NewTaskForm>) => {
    setForm((before) => ({ ...before, ...part }));
    setKey(freshKey());
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const reading = readTaskForm({ ...form, to: chosen });
    if (!reading.ok) return setErrors(reading.errors);
    setErrors({});
    setBusy(true);
    try {
      const task = await orchestra.api.tasks.delegate(reading.request, key);
      orchestra.tasks.getState().add(rowOfTask(task));
      onClose();
      perform({ kind: "go", place: { kind: "task", taskId: task.task_id } });
    } catch (thrown) {
      setBusy(false);
      setErrors(errorsOf(thrown));
    }
  };

  const input = (field: Exclude<NewTaskField, "approve" | "worktree">) => ({
    name: field,
    value: form[field],
    onChange: (event: { target: { value: string } }) => change({ [field]: event.target.value }),
  });

  const check = (field: "approve" | "worktree") => ({
    name: field,
    checked: form[field],
    onChange: (event: { target: { checked: boolean } }) => change({ [field]: event.target.checked }),
  });

  return (
    <Dialog
      title="Give a task"
      description="An agent is started for it and ends with it; what came out is kept."
      onClose={onClose}
      testId="new-task"
      onCloseAutoFocus={returnFocus}
    >
      <form
        onSubmit={(event) => void submit(event)}
        noValidate
        className="flex min-h-0 flex-col gap-3.5 overflow-y-auto px-5 pb-4"
      >
        <Field
          label="What is to be done"
          hint={chosen === "shell" ? "For a shell, a command line." : undefined}
          error={errors.brief ?? null}
        >
          {(wiring) => (
            <TextArea rows={4} data-autofocus className="font-mono text-xs" {...wiring} {...input("brief")} />
          )}
        </Field>
        {profiles.kind === "loading" && (
          <div
            role="status"
            aria-label="Loading profiles"
            className="h-24 rounded-md border border-n-7 bg-n-1"
          />
        )}
        {profiles.kind === "failed" && (
          <p role="alert" className="text-danger-text">
            {profiles.message}
          </p>
        )}
        {profiles.kind === "there" && (
          <ProfileChoice
            label="Give it to"
            profiles={list}
            value={chosen}
            onChange={(name) => change({ to: name })}
          />
        )}
        {errors.to !== undefined && (
          <p role="alert" className="-mt-2 text-danger-text text-xs">
            {errors.to}
          </p>
        )}
        <div className="grid grid-cols-[2fr_1fr] gap-3">
          <Field label="Title" hint="Left empty, the first line of the brief." error={errors.title ?? null}>
            {(wiring) => <TextInput {...wiring} {...input("title")} />}
          </Field>
          <Field label="After tasks" hint="Such as 3, 5" error={errors.after ?? null}>
            {(wiring) => <TextInput inputMode="numeric" {...wiring} {...input("after")} />}
          </Field>
        </div>
        <Field
          label="Folder"
          hint="On the daemon's machine. Left empty, your home."
          error={errors.cwd ?? null}
        >
          {(wiring) => <TextInput className="font-mono text-xs" {...wiring} {...input("cwd")} />}
        </Field>
        <div className="flex flex-col gap-2">
          <CheckBox
            {...check("worktree")}
            label="In a branch and folder of its own; the result brings the changes"
          />
          <CheckBox {...check("approve")} label="A person approves it before it begins" />
        </div>
        {errors.form !== undefined && (
          <p role="alert" className="text-danger-text">
            {errors.form}
          </p>
        )}
        <div className="flex justify-end gap-2 pt-1">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="primary" disabled={busy || chosen === ""}>
            {busy ? "Giving" : "Give task"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
