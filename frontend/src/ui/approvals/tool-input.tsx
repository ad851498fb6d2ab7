import type { Approval } from "@/core";
import { isCut, toolName, toolView } from "@/store/approval";
import type { DiffLine } from "@/store/line-diff";
import { classNames } from "../components/class-names";
import { TextBlock } from "../tasks/text-block";

const LINE_LOOK: Readonly<Record<DiffLine["mark"], string>> = {
  "+": "bg-success-wash text-success-text",
  "-": "bg-danger-wash text-danger-text",
  " ": "text-n-11",
};

function Change({ path, lines }: { readonly path: string; readonly lines: readonly DiffLine[] }) {
  return (
    <>
      <p className="mb-1 break-all font-mono text-2xs text-n-11">{path}</p>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms, and a section with a name is a landmark */}
      <div
        role="group"
        aria-label={`Change of ${path}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with keys
        tabIndex={0}
        data-testid="tool-change"
        className="max-h-80 overflow-auto rounded-md border bg-n-1 py-1"
      >
        <pre className="w-max min-w-full font-mono text-xs leading-4.5">
          {lines.map(({ mark, text }, place) => (
            <span
              // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one change never move
              key={place}
              className={classNames("block px-2.5", LINE_LOOK[mark])}
            >
              {`${mark} ${text}`}
            </span>
          ))}
        </pre>
      </div>
    </>
  );
}

function Body({ approval }: { readonly approval: Approval }) {
  const view = toolView(approval);
  switch (view.kind) {
    case "command":
      return (
        <>
          {view.about !== "" && <p className="mb-1 text-n-11 text-xs">{view.about}</p>}
          <TextBlock label="Command" text={view.text} testId="tool-command" />
        </>
      );
    case "change":
      return <Change path={view.path} lines={view.lines} />;
    case "fields":
      if (view.fields.length === 0)
        return <p className="text-n-10 text-xs">{toolName(approval)}, without input.</p>;
      return (
        <dl className="flex flex-col gap-1.5" data-testid="tool-fields">
          {view.fields.map(([name, text]) => (
            <div key={name}>
              <dt className="mb-0.5 text-2xs text-n-10">{name}</dt>
              <dd>
                <TextBlock label={name} text={text} />
              </dd>
            </div>
          ))}
        </dl>
      );
  }
}

/** What a tool would be used for, readable: a command as code, a change of a file as its lines. */
export function ToolInput({ approval }: { readonly approval: Approval }) {
  return (
    <>
      <Body approval={approval} />
      {isCut(approval) && (
        <p className="mt-1.5 text-attention-text text-xs">
          This is only the beginning; the agent's terminal shows all of it.
        </p>
      )}
    </>
  );
}
