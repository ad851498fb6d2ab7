import { describe, expect, test } from "vitest";
import {
  answersOf,
  askWords,
  endDetail,
  endWords,
  isCut,
  planText,
  questionsOf,
  ruleLines,
  toolName,
  toolView,
} from "./approval";
import { sampleApproval, sampleQuestion } from "./sample-approval";

function shown(input: unknown) {
  return toolView(sampleApproval(1, { detail: { tool: "T", input } }));
}

describe("the input of a tool", () => {
  test("a command is code, with what it is for; words of a list stand in a row", () => {
    expect(shown({ command: "ls -l", description: "Look" })).toEqual({
      kind: "command",
      text: "ls -l",
      about: "Look",
    });
    expect(shown({ command: ["git", "push"] })).toMatchObject({ kind: "command", text: "git push" });
  });

  test("several edits follow each other, and a new file is all added", () => {
    const edits = [
      { old_string: "a", new_string: "b" },
      { old_string: "c", new_string: "" },
    ];
    expect(shown({ file_path: "/a", edits })).toMatchObject({
      lines: [{ mark: "-" }, { mark: "+" }, { mark: "-", text: "c" }],
    });
    expect(shown({ file_path: "/a", content: "1\n2\n" })).toEqual({
      kind: "change",
      path: "/a",
      lines: [
        { mark: "+", text: "1" },
        { mark: "+", text: "2" },
      ],
    });
  });

  test("anything else is told field by field, and nothing at all breaks it", () => {
    expect(shown({ url: "http://x", depth: 2 })).toEqual({
      kind: "fields",
      fields: [
        ["url", "http://x"],
        ["depth", "2"],
      ],
    });
    expect(shown(null)).toEqual({ kind: "fields", fields: [] });
    expect(toolName(sampleApproval(1, { detail: {} }))).toBe("A tool");
    expect(planText(sampleApproval(1, { detail: { plan: "1. Do it" } }))).toBe("1. Do it");
  });
});

test("what is always allowed is said rule by rule", () => {
  const rules = [
    {
      type: "addRules",
      behavior: "allow",
      rules: [{ toolName: "Bash", ruleContent: "npm test:*" }, { toolName: "Read" }],
    },
    { type: "setMode", mode: "acceptEdits" },
    { type: "addDirectories", directories: ["/srv"] },
  ];
  expect(ruleLines(sampleApproval(1, { detail: { rules } }))).toEqual([
    ...["Bash(npm test:*)", "Read", "Mode acceptEdits", "Folder /srv"],
  ]);
  expect(ruleLines(sampleApproval(1))).toEqual([]);
  expect(isCut(sampleApproval(1, { detail: { is_cut: true } }))).toBe(true);
});

test("a permission names its tool, where one is known", () => {
  expect(askWords(sampleApproval(1))).toBe("asks to use Bash");
  expect(askWords(sampleApproval(1, { detail: {} }))).toBe("asks for permission");
  expect(askWords(sampleQuestion(1))).toBe("asks a question");
});

describe("questions", () => {
  const [one] = questionsOf(sampleQuestion(1));
  const [many] = questionsOf(sampleQuestion(1, true));
  if (one === undefined || many === undefined) throw new Error("no question");

  test("are answered by what was chosen, or by words in its place", () => {
    expect(answersOf([one], [{ chosen: ["Disk"], words: " " }])).toEqual({ "Which store?": "Disk" });
    expect(answersOf([one], [{ chosen: ["Disk"], words: "A cloud" }])).toEqual({ "Which store?": "A cloud" });
  });

  test("that take several are answered in the order of the options, words last", () => {
    const draft = { chosen: ["Disk", "Memory"], words: "Tape" };
    expect(answersOf([many], [draft])).toEqual({ "Which store?": "Memory, Disk, Tape" });
  });

  test("are not answered while one has no answer", () => {
    expect(answersOf([one], [])).toBeNull();
    expect(answersOf([one, { ...one, question: "And?" }], [{ chosen: ["Disk"], words: "" }])).toBeNull();
  });

  test("of an unknown shape are answered in words", () => {
    const odd = sampleApproval(1, { kind: "question", title: "Well?", detail: { questions: "?" } });
    expect(questionsOf(odd)).toEqual([{ question: "Well?", header: "", options: [], multiSelect: false }]);
  });
});

describe("the end", () => {
  test("says who decided what", () => {
    const done = { state: "answered", decided_by: "issuer|local|ada" } as const;
    expect(endWords(sampleApproval(1, { ...done, decision: "deny" }))).toBe("Denied by ada");
    expect(endWords(sampleApproval(1, { ...done, decision: "allow", kind: "plan" }))).toBe("Approved by ada");
    expect(endWords(sampleApproval(1, { ...done, decision: "allow", decided_by: "terminal" }))).toBe(
      "Answered in the terminal",
    );
    expect(endWords(sampleApproval(1, { state: "withdrawn", decided_by: "terminal" }))).toBe(
      "Answered in the terminal",
    );
    expect(endWords(sampleApproval(1, { state: "withdrawn" }))).toContain("Withdrawn");
    expect(endWords(sampleApproval(1, { state: "expired" }))).toContain("in time");
  });

  test("tells the reason, or the answers", () => {
    expect(endDetail(sampleApproval(1, { message: "Not today" }))).toBe("Not today");
    expect(endDetail(sampleApproval(1, { answers: { "A?": "b", "C?": ["d"] } }))).toContain("b · ");
    expect(endDetail(sampleApproval(1))).toBe("");
  });
});
