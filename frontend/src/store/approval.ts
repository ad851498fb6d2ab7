/** What an agent asks a person: the detail read into what a card shows, and the words of what became of it. */

import type { Approval, ApprovalKind } from "@/core";
import { type DiffLine, lineDiff } from "./line-diff";
import { personName } from "./person-name";

type Fields = { readonly [name: string]: unknown };

/** How the input of a tool is shown. */
export type ToolView =
  | { readonly kind: "command"; readonly text: string; readonly about: string }
  | { readonly kind: "change"; readonly path: string; readonly lines: readonly DiffLine[] }
  | { readonly kind: "fields"; readonly fields: readonly (readonly [name: string, text: string])[] };

export interface Option {
  readonly label: string;
  readonly description: string;
}

export interface Question {
  readonly question: string;
  readonly header: string;
  /** None: it is answered in words. */
  readonly options: readonly Option[];
  readonly multiSelect: boolean;
}

/** What was chosen and written for one question. */
export interface AnswerDraft {
  readonly chosen: readonly string[];
  readonly words: string;
}

export const NO_ANSWER: AnswerDraft = { chosen: [], words: "" };

const KIND_WORDS: Readonly<Record<ApprovalKind, string>> = {
  permission: "asks for permission",
  question: "asks a question",
  plan: "proposes a plan",
};

/** What the agent does, to stand behind its name: a permission names the tool. */
export function askWords(approval: Approval): string {
  const { kind, detail } = approval;
  return kind === "permission" && asText(detail["tool"]) !== ""
    ? `asks to use ${toolName(approval)}`
    : KIND_WORDS[kind];
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function asFields(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function toolName({ detail }: Approval): string {
  return asText(detail["tool"]) || "A tool";
}

/** A command as code, a change of a file as removed and added lines, everything else field by field. */
export function toolView({ detail }: Approval): ToolView {
  const input = asFields(detail["input"]);
  const command = commandOf(input["command"]);
  if (command !== null) return { kind: "command", text: command, about: asText(input["description"]) };
  const path = asText(input["file_path"]) || asText(input["notebook_path"]);
  const lines = changeOf(input);
  if (path !== "" && lines !== null) return { kind: "change", path, lines };
  return { kind: "fields", fields: Object.entries(input).map(([name, value]) => [name, plainText(value)]) };
}

function commandOf(value: unknown): string | null {
  if (typeof value === "string") return value;
  return Array.isArray(value) && value.every((word) => typeof word === "string") ? value.join(" ") : null;
}

function plainText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

function changeOf(input: Fields): readonly DiffLine[] | null {
  if (Array.isArray(input["edits"])) return input["edits"].flatMap((edit) => changeLines(asFields(edit)));
  if (typeof input["old_string"] === "string" || typeof input["new_string"] === "string")
    return changeLines(input);
  const written = input["content"] ?? input["new_source"];
  return typeof written === "string" ? changeLines({ new_string: written }) : null;
}

function changeLines(edit: Fields): readonly DiffLine[] {
  return lineDiff(asText(edit["old_string"]), asText(edit["new_string"]));
}

export function planText({ detail }: Approval): string {
  return asText(detail["plan"]);
}

/** The questions of an approval; one of an unknown shape is its title, answered in words. */
export function questionsOf({ detail, title }: Approval): readonly Question[] {
  const told = Array.isArray(detail["questions"]) ? detail["questions"].filter(isFields) : [];
  const questions = told.map((fields) => ({
    question: asText(fields["question"]),
    header: asText(fields["header"]),
    options: Array.isArray(fields["options"]) ? fields["options"].filter(isFields).map(optionOf) : [],
    multiSelect: fields["multiSelect"] === true,
  }));
  return questions.length > 0
    ? questions
    : [{ question: title, header: "", options: [], multiSelect: false }];
}

function optionOf(fields: Fields): Option {
  return { label: asText(fields["label"]), description: asText(fields["description"]) };
}

/** The answer to one question in words: what was chosen, and what was written beside it. Empty: there is none yet. */
export function answerText({ options, multiSelect }: Question, { chosen, words }: AnswerDraft): string {
  const written = words.trim();
  if (!multiSelect) return written !== "" ? written : (chosen[0] ?? "");
  const picked = options.map(({ label }) => label).filter((label) => chosen.includes(label));
  return [...picked, ...(written === "" ? [] : [written])].join(", ");
}

/** The answers by question; null while one is missing. */
export function answersOf(
  questions: readonly Question[],
  drafts: readonly AnswerDraft[],
): Readonly<Record<string, string>> | null {
  const texts = questions.map((question, place) => answerText(question, drafts[place] ?? NO_ANSWER));
  if (texts.some((text) => text === "")) return null;
  return Object.fromEntries(questions.map(({ question }, place) => [question, texts[place] ?? ""]));
}

const DECIDED = { allow: "Allowed", always: "Always allowed", deny: "Denied", answer: "Answered" };
const PLAN_DECIDED = { ...DECIDED, allow: "Approved", always: "Approved", deny: "Rejected" };

/** What became of it: who decided what, or why nobody needs to any more. */
export function endWords(approval: Approval): string {
  const { kind, state, decision, decided_by, reason } = approval;
  switch (state) {
    case "waiting":
      return "Waits for a person";
    case "withdrawn":
      return decided_by === "terminal"
        ? "Answered in the terminal"
        : reason || "Withdrawn: the agent went on without it";
    case "expired":
      return reason || "Nobody answered in time";
    case "answered": {
      if (decided_by === "terminal") return "Answered in the terminal";
      const word = (kind === "plan" ? PLAN_DECIDED : DECIDED)[decision ?? "answer"];
      return decided_by === null ? word : `${word} by ${personName(decided_by)}`;
    }
  }
}

/** What `always` would allow from then on in this session, a line each; empty: it cannot be said. */
export function ruleLines({ detail }: Approval): readonly string[] {
  const rules = Array.isArray(detail["rules"]) ? detail["rules"].filter(isFields) : [];
  return rules.flatMap((rule) => {
    if (Array.isArray(rule["rules"])) return rule["rules"].filter(isFields).map(ruleLine);
    if (rule["type"] === "setMode") return [`Mode ${asText(rule["mode"])}`];
    if (Array.isArray(rule["directories"]))
      return rule["directories"].map((place) => `Folder ${plainText(place)}`);
    return [plainText(rule)];
  });
}

function ruleLine(rule: Fields): string {
  const content = asText(rule["ruleContent"]);
  return content === "" ? asText(rule["toolName"]) : `${asText(rule["toolName"])}(${content})`;
}

/** Whether a person is shown only the beginning of what is asked. */
export function isCut({ detail }: Approval): boolean {
  return detail["is_cut"] === true;
}

/** What the person added: the reason, or the answers in a row. */
export function endDetail({ message, answers }: Approval): string {
  if (message !== "") return message;
  return Object.values(answers ?? {})
    .map(plainText)
    .join(" · ");
}
