import { expect, test } from "vitest";
import { type NewAgentForm, readForm } from "./new-agent";

const FORM: NewAgentForm = {
  profile: "shell",
  name: "",
  cwd: "",
  rows: "24",
  columns: "80",
  worktree: false,
};

test("what is left empty is left to the daemon", () => {
  expect(readForm(FORM)).toEqual({ ok: true, request: { profile: "shell", rows: 24, columns: 80 } });
});

test("a worktree is asked for by those who want one", () => {
  expect(readForm({ ...FORM, worktree: true })).toMatchObject({ ok: true, request: { worktree: true } });
});

test("names and folders lose the blanks around them", () => {
  const reading = readForm({ ...FORM, name: " api ", cwd: " /srv " });
  expect(reading).toMatchObject({ ok: true, request: { name: "api", cwd: "/srv" } });
});

test.each(["", "1", "501", "2.5", "x", "-3", "1e9"])("%j rows are refused at their field", (rows) => {
  expect(readForm({ ...FORM, rows })).toEqual({ ok: false, errors: { rows: "2 to 500" } });
});

test("every field at fault says so at once", () => {
  const reading = readForm({ ...FORM, profile: "", rows: "0", columns: "1001" });
  expect(reading.ok ? [] : Object.keys(reading.errors)).toEqual(["profile", "rows", "columns"]);
});
