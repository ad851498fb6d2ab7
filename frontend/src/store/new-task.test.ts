import { expect, test } from "vitest";
import { EMPTY_TASK, readTaskForm } from "./new-task";

const FORM = { ...EMPTY_TASK, to: "shell", brief: "make test\n" };

test("what is empty is left to the daemon, and the brief stays as it was typed", () => {
  expect(readTaskForm(FORM)).toEqual({ ok: true, request: { to: "shell", brief: "make test\n" } });
});

test("everything that was filled in is asked for", () => {
  const form = {
    ...FORM,
    title: " Test ",
    cwd: " /src ",
    after: "3, #5; 3 8",
    approve: true,
    worktree: true,
  };
  expect(readTaskForm(form)).toEqual({
    ok: true,
    request: {
      to: "shell",
      brief: "make test\n",
      title: "Test",
      cwd: "/src",
      after: [3, 5, 8],
      approve: true,
      worktree: true,
    },
  });
});

test("what cannot be right is said at its field", () => {
  const reading = readTaskForm({ ...EMPTY_TASK, brief: " \n", after: "three" });
  expect(reading.ok ? [] : Object.keys(reading.errors).sort()).toEqual(["after", "brief", "to"]);
  expect(readTaskForm({ ...FORM, after: "-1" }).ok).toBe(false);
  expect(readTaskForm({ ...FORM, after: "1.5" }).ok).toBe(false);
});
