import { type FormEvent, useState } from "react";
import { asProblem } from "@/api/problem";
import { type NewAgentField, type NewAgentForm, readForm } from "@/store/new-agent";
import { Button } from "../components/button";
import { Dialog } from "../components/dialog";
import { CheckBox, Field, TextInput } from "../components/field";
import { useOrchestra, usePerform } from "../orchestra-context";
import { firstChoice, ProfileChoice } from "./profile-choice";
import { useProfiles } from "./use-profiles";
import { useReturnFocus } from "./use-return-focus";

type Errors = Partial<Record<NewAgentField | "form", string>>;

const FIELDS: readonly NewAgentField[] = ["profile", "name", "cwd", "rows", "columns", "worktree"];

function errorsOf(thrown: unknown): Errors {
  const problem = asProblem(thrown);
  const field = FIELDS.find((known) => known === problem.field) ?? "form";
  return { [field]: problem.message };
}

/** Starts one agent and opens it. */
export function NewAgentDialog({
  profile,
  onClose,
}: {
  readonly profile?: string;
  readonly onClose: () => void;
}) {
  const orchestra = useOrchestra();
  const perform = usePerform();
  const profiles = useProfiles();
  const returnFocus = useReturnFocus();
  const [form, setForm] = useState<NewAgentForm>({
    profile: profile ?? "",
    name: "",
    cwd: "",
    rows: "24",
    columns: "80",
    worktree: false,
  });
  const [errors, setErrors] = useState<Errors>({});
  const [busy, setBusy] = useState(false);
  const list = profiles.kind === "there" ? profiles.profiles : [];
  const chosen = form.profile !== "" ? form.profile : firstChoice(list);
  const change = (part: Partial<NewAgentForm>) => setForm((before) => ({ ...before, ...part }));

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const reading = readForm({ ...form, profile: chosen });
    if (!reading.ok) return setErrors(reading.errors);
    setErrors({});
    setBusy(true);
    try {
      const started = await orchestra.api.spawn(reading.request);
      for (const agent of started) orchestra.agents.getState().add(agent);
      onClose();
      const [only, another] = started;
      if (only !== undefined && another === undefined)
        perform({ kind: "open_terminal", sessionId: only.session_id });
      else perform({ kind: "go", place: { kind: "grid" } });
    } catch (thrown) {
      setBusy(false);
      setErrors(errorsOf(thrown));
    }
  };

  const input = (field: Exclude<NewAgentField, "profile" | "worktree">) => ({
    value: form[field],
    onChange: (event: { target: { value: string } }) => change({ [field]: event.target.value }),
  });

  return (
    <Dialog
      title="New agent"
      description="A program in a terminal of its own."
      onClose={onClose}
      testId="new-agent"
      onCloseAutoFocus={returnFocus}
    >
      <form
        onSubmit={(event) => void submit(event)}
        noValidate
        className="flex min-h-0 flex-col gap-4 overflow-y-auto px-5 pb-4"
      >
        {profiles.kind === "there" && (
          <ProfileChoice
            tagsTasks
            profiles={list}
            value={chosen}
            onChange={(name) => change({ profile: name })}
          />
        )}
        {profiles.kind === "loading" && (
          <div
            role="status"
            aria-label="Loading profiles"
            className="h-32 rounded-md border border-n-7 bg-n-1"
          />
        )}
        {profiles.kind === "failed" && (
          <p role="alert" className="text-danger-text">
            {profiles.message}
          </p>
        )}
        {errors.profile !== undefined && (
          <p role="alert" className="-mt-3 text-danger-text text-xs">
            {errors.profile}
          </p>
        )}
        <Field label="Name" hint="Left empty, it gets one." error={errors.name ?? null}>
          {(wiring) => <TextInput name="name" data-autofocus {...wiring} {...input("name")} />}
        </Field>
        <Field
          label="Folder"
          hint="On the daemon's machine. Left empty, your home."
          error={errors.cwd ?? null}
        >
          {(wiring) => <TextInput name="cwd" className="font-mono text-xs" {...wiring} {...input("cwd")} />}
        </Field>
        <div>
          <CheckBox
            name="worktree"
            label="In a branch and folder of its own, made from the repository of this folder"
            checked={form.worktree}
            onChange={(event) => change({ worktree: event.target.checked })}
          />
          {errors.worktree !== undefined && (
            <p role="alert" className="mt-1 text-danger-text text-xs">
              {errors.worktree}
            </p>
          )}
        </div>
        <div className="flex gap-3">
          <Field label="Rows" error={errors.rows ?? null} className="w-24">
            {(wiring) => <TextInput name="rows" inputMode="numeric" {...wiring} {...input("rows")} />}
          </Field>
          <Field label="Columns" error={errors.columns ?? null} className="w-24">
            {(wiring) => <TextInput name="columns" inputMode="numeric" {...wiring} {...input("columns")} />}
          </Field>
        </div>
        {errors.form !== undefined && (
          <p role="alert" className="text-danger-text">
            {errors.form}
          </p>
        )}
        <div className="flex justify-end gap-2 pt-1">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="primary" disabled={busy || chosen === ""}>
            {busy ? "Starting" : "Start agent"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
