import { SendHorizontal, X } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import type { Approval } from "@/core";
import {
  type AnswerDraft,
  answersOf,
  NO_ANSWER,
  type Option,
  type Question,
  questionsOf,
} from "@/store/approval";
import { Button } from "../components/button";
import { Field, TextInput } from "../components/field";
import { ReasonForm } from "../components/reason-form";
import { AnswerRow } from "./answer-row";
import type { Deciding } from "./use-decide";

interface ChoiceProps {
  readonly option: Option;
  readonly group: string;
  readonly many: boolean;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

function Choice({ option, group, many, checked, onChange }: ChoiceProps) {
  return (
    <label className="flex items-start gap-2.5 rounded-md border border-n-6 px-2.5 py-1.5 hover:bg-n-4 has-[:checked]:border-accent has-[:checked]:bg-accent-wash max-sm:min-h-11 max-sm:items-center">
      <input
        type={many ? "checkbox" : "radio"}
        name={group}
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-0.5 size-4 shrink-0 accent-(--accent) max-sm:mt-0"
      />
      <span className="min-w-0">
        {option.label}
        {option.description !== "" && <span className="block text-n-11 text-xs">{option.description}</span>}
      </span>
    </label>
  );
}

interface AskedProps {
  readonly asked: Question;
  readonly draft: AnswerDraft;
  readonly onChange: (draft: AnswerDraft) => void;
}

function Asked({ asked, draft, onChange }: AskedProps) {
  const group = useId();
  const { question, header, options, multiSelect } = asked;
  const choose = (label: string, checked: boolean) => {
    if (!multiSelect) return onChange({ chosen: [label], words: "" });
    const others = draft.chosen.filter((other) => other !== label);
    onChange({ ...draft, chosen: checked ? [...others, label] : others });
  };
  const write = (words: string) =>
    onChange(multiSelect || words === "" ? { ...draft, words } : { chosen: [], words });
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 font-medium">
        {header !== "" && (
          <span className="mr-2 rounded-sm border border-n-7 px-1 font-normal text-2xs text-n-11">
            {header}
          </span>
        )}
        {question}
      </legend>
      <div className="flex flex-col gap-1.5">
        {options.map((option) => (
          <Choice
            key={option.label}
            option={option}
            group={group}
            many={multiSelect}
            checked={draft.chosen.includes(option.label)}
            onChange={(checked) => choose(option.label, checked)}
          />
        ))}
        <Field
          label={
            options.length === 0 ? "Your answer" : multiSelect ? "And in your words" : "Or in your words"
          }
        >
          {(wiring) => (
            <TextInput
              {...wiring}
              spellCheck
              value={draft.words}
              onChange={(event) => write(event.target.value)}
            />
          )}
        </Field>
      </div>
    </fieldset>
  );
}

interface AnswerProps {
  readonly approval: Approval;
  readonly deciding: Deciding;
}

/** Every question with its options and room for words; all of them are answered together. */
export function QuestionAnswer({ approval, deciding: { busy, decide } }: AnswerProps) {
  const questions = questionsOf(approval);
  const [drafts, setDrafts] = useState<readonly AnswerDraft[]>(() => questions.map(() => NO_ANSWER));
  const [denying, setDenying] = useState(false);
  const answers = answersOf(questions, drafts);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (answers !== null) decide({ decision: "answer", answers });
  };
  return (
    <>
      <form onSubmit={submit} className="flex flex-col gap-4">
        {questions.map((asked, place) => (
          <Asked
            key={asked.question}
            asked={asked}
            draft={drafts[place] ?? NO_ANSWER}
            onChange={(draft) => setDrafts((before) => before.with(place, draft))}
          />
        ))}
        {!denying && (
          <div className="-mt-3">
            <AnswerRow>
              <Button type="submit" tone="primary" size="sm" disabled={busy || answers === null}>
                <SendHorizontal size={13} aria-hidden /> Answer
              </Button>
              {approval.decisions.includes("deny") && (
                <Button size="sm" tone="dangerQuiet" disabled={busy} onClick={() => setDenying(true)}>
                  <X size={13} aria-hidden /> Decline
                </Button>
              )}
            </AnswerRow>
          </div>
        )}
      </form>
      {denying && (
        <ReasonForm
          verb="Decline"
          busy={busy}
          onReason={(message) => decide({ decision: "deny", message })}
          onBack={() => setDenying(false)}
        />
      )}
    </>
  );
}
