import { expect, test } from "vitest";
import { sampleAgent } from "./sample-agent";
import { commandLine, doingWords, exitWords, STATES } from "./state-words";

test("a person is called for blocked, failed, exited and lost, and for nothing else", () => {
  const calling = Object.entries(STATES).filter(([, words]) => words.needsPerson);
  expect(calling.map(([state]) => state).sort()).toEqual(["blocked", "exited", "failed", "lost"]);
});

test("every state has a word of its own", () => {
  const words = Object.values(STATES).map((state) => state.word);
  expect(new Set(words).size).toBe(words.length);
});

test("a running program has no exit words", () => {
  expect(exitWords(null)).toBeNull();
});

test.each([
  [0, "exit 0"],
  [1, "exit 1"],
  [128, "exit 128"],
  [137, "signal 9 (kill)"],
  [143, "signal 15 (terminate)"],
  [192, "signal 64"],
])("exit status %d reads %s", (status, words) => {
  expect(exitWords(status)).toBe(words);
});

test("what an agent does is how it ended, else its title, else its command", () => {
  expect(doingWords(sampleAgent({ exit_status: 1, title: "vim" }))).toBe("exit 1");
  expect(doingWords(sampleAgent({ title: " vim a.py " }))).toBe("vim a.py");
  expect(doingWords(sampleAgent({ command: ["/usr/bin/pytest", "-q"] }))).toBe("pytest -q");
});

test("an agent's own id in its command tells nobody anything", () => {
  const agent = sampleAgent({ command: ["bash", "/opt/demo", "a".repeat(26)] });
  expect(doingWords(agent)).toBe("demo");
  const folder = sampleAgent({ command: ["bash", "/opt/demo", `/state/demo/${"a".repeat(26)}`] });
  expect(doingWords(folder)).toBe("demo");
});

test("a title that only repeats the name says nothing, so the command is shown", () => {
  expect(doingWords(sampleAgent({ name: "build", title: "build" }))).toBe("bash");
});

test("a command is shown without the folders in it", () => {
  expect(commandLine(["/bin/bash", "/opt/agents/tests.sh", "-x"])).toBe("tests.sh -x");
  expect(commandLine(["/bin/bash", "-l"])).toBe("bash -l");
  expect(commandLine(["/bin/bash"])).toBe("bash");
  expect(commandLine(["claude", "/"])).toBe("claude /");
  expect(commandLine([])).toBe("");
});
