import { type FormEvent, useState } from "react";
import { asProblem } from "@/api/problem";
import { parseCode } from "@/store/sign-in";
import { Button } from "./components/button";
import { Field, TextInput } from "./components/field";
import { Logo } from "./frame/logo";

interface SignInPanelProps {
  readonly title: string;
  readonly text: string;
  /** Posts the code; throws a `Problem`. */
  readonly onCode: (code: string) => Promise<void>;
}

const NO_CODE = "There is no code in this. A sign-in link ends in #code= and letters.";

/** How one gets in: a link from the terminal, or the link pasted here. */
export function SignInPanel({ title, text, onCode }: SignInPanelProps) {
  const [pasted, setPasted] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const code = parseCode(pasted);
    if (code === null) return setError(NO_CODE);
    setBusy(true);
    try {
      await onCode(code);
    } catch (thrown) {
      setError(asProblem(thrown).message);
      setBusy(false);
    }
  };

  return (
    <section
      aria-labelledby="sign-in-title"
      data-testid="sign-in"
      className="w-[min(400px,calc(100vw-32px))] animate-float-in rounded-md border border-n-7 bg-float p-6 shadow-float"
    >
      <Logo size={22} />
      <h1 id="sign-in-title" className="mt-4 font-semibold text-lg tracking-tight">
        {title}
      </h1>
      <p className="mt-1 text-n-11">{text}</p>
      <p className="mt-4 flex items-center gap-2 rounded-md border bg-n-1 px-3 py-2 font-mono text-xs">
        <span aria-hidden className="select-none text-n-10">
          $
        </span>
        orchestra open
      </p>
      <form onSubmit={(event) => void submit(event)} className="mt-4">
        <Field label="Sign-in link or code" error={error} hint="Each link is good once, for 60 seconds.">
          {(wiring) => (
            <div className="flex gap-2">
              <TextInput
                {...wiring}
                value={pasted}
                onChange={(event) => setPasted(event.target.value)}
                className="font-mono text-xs"
                data-testid="sign-in-code"
              />
              <Button type="submit" tone="primary" disabled={busy || pasted.trim() === ""}>
                Sign in
              </Button>
            </div>
          )}
        </Field>
      </form>
    </section>
  );
}
