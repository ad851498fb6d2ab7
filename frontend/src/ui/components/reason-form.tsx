import { type FormEvent, useState } from "react";
import { Button } from "./button";
import { Field, TextInput } from "./field";

interface ReasonFormProps {
  /** What is done with the reason. */
  readonly verb: string;
  readonly busy: boolean;
  readonly onReason: (reason: string) => void;
  readonly onBack: () => void;
}

/** Asks why before something is refused; the reason may be empty. */
export function ReasonForm({ verb, busy, onReason, onBack }: ReasonFormProps) {
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onReason(reason.trim());
  };
  return (
    <form
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onBack();
      }}
      className="mt-3 flex items-end gap-2 max-sm:flex-wrap"
    >
      <Field label="Why not (may be empty)" className="flex-1 max-sm:basis-full">
        {(wiring) => (
          <TextInput
            {...wiring}
            autoFocus
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" tone="danger" disabled={busy}>
        {verb}
      </Button>
      <Button onClick={onBack}>Back</Button>
    </form>
  );
}
