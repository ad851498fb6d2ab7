import { type ComponentProps, type ReactNode, useId } from "react";
import { classNames } from "./class-names";

const BOX =
  "h-8 w-full rounded-md border border-n-8 bg-n-1 px-2.5 text-n-12 text-sm placeholder:text-n-10 focus-visible:outline-offset-0 aria-invalid:border-danger";

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | null;
  readonly className?: string;
  readonly children: (wiring: {
    id: string;
    "aria-describedby"?: string;
    "aria-invalid"?: true;
  }) => ReactNode;
}

/** A labelled control with its hint, or in the hint's place what is wrong with it. */
export function Field({ label, hint, error = null, className, children }: FieldProps) {
  const id = useId();
  const below = error ?? hint;
  return (
    <div className={classNames("min-w-0", className)}>
      <label htmlFor={id} className="mb-1 block text-n-11 text-xs">
        {label}
      </label>
      {children({
        id,
        ...(below === undefined ? {} : { "aria-describedby": `${id}-below` }),
        ...(error === null ? {} : { "aria-invalid": true }),
      })}
      {below !== undefined && (
        <p
          id={`${id}-below`}
          role={error === null ? undefined : "alert"}
          className={classNames("mt-1 text-xs", error === null ? "text-n-10" : "text-danger-text")}
        >
          {below}
        </p>
      )}
    </div>
  );
}

export function TextInput({ className, ...rest }: ComponentProps<"input">) {
  return (
    <input
      type="text"
      autoComplete="off"
      spellCheck={false}
      className={classNames(BOX, className)}
      {...rest}
    />
  );
}

export function TextArea({ className, ...rest }: ComponentProps<"textarea">) {
  return (
    <textarea
      autoComplete="off"
      spellCheck={false}
      className={classNames(BOX, "h-auto min-h-8 resize-y py-1.5", className)}
      {...rest}
    />
  );
}

export function CheckBox({ label, ...rest }: ComponentProps<"input"> & { readonly label: string }) {
  return (
    <label className="flex items-start gap-2 max-sm:min-h-9 max-sm:items-center">
      <input type="checkbox" className="mt-0.5 size-4 shrink-0 accent-(--accent) max-sm:mt-0" {...rest} />
      {label}
    </label>
  );
}
