import { describe, expect, it } from "vitest";
import { parseServerMessage } from "./parse-message";

const AGENT = {
  id: "agent-a",
  session_id: "sess-a",
  profile: "shell",
  name: "one",
  state: "idle",
  rows: 24,
  columns: 80,
  owner: "me",
  cwd: "/",
  command: ["bash", "-l"],
  title: "",
  created_unix_s: 1.5,
  state_since_unix_s: 2,
  exit_status: null,
  purpose: "interactive",
  parent: null,
  task_id: null,
  worktree: "",
};

const MESSAGE = {
  id: 17,
  agent_id: "agent-a",
  session_id: "sess-a",
  owner: "me",
  sender: "agent-b",
  task_id: null,
  text: "do this",
  is_cut: false,
  state: "submitted",
  reason: "",
  queued_unix_ms: 1,
  pasted_unix_ms: 2,
  submitted_unix_ms: 3,
  acknowledged_unix_ms: null,
  failed_unix_ms: null,
};

const TASK_UPDATE = {
  type: "task_update",
  task_id: 1,
  agent: "shell",
  status: "running",
  elapsed_ms: 45000,
  title: "Run tests",
  state: "working",
  reason: "",
  agent_id: "agent-a",
  parent_id: null,
  requester: "local|ada",
  plan_id: null,
};

const APPROVAL = {
  id: "apr_1",
  kind: "permission",
  agent_id: "agent-a",
  session_id: "sess-a",
  owner: "local|ada",
  task_id: null,
  title: "Bash: rm -r build",
  detail: { tool: "Bash", input: { command: "rm -r build" } },
  decisions: ["allow", "deny", "always"],
  state: "waiting",
  decision: null,
  message: "",
  answers: null,
  decided_by: null,
  mode: null,
  reason: "",
  created_unix_ms: 1,
  expires_unix_ms: 2,
  decided_unix_ms: null,
  taken_unix_ms: null,
};

describe("parseServerMessage", () => {
  it.each([
    {
      type: "hello",
      protocol: 1,
      version: "0.1.0",
      server_unix_ms: 1,
      subject: "me",
      permissions: ["sessions:read"],
      expires_unix_s: 2,
    },
    { type: "agents", agents: [AGENT] },
    { type: "agent_update", agent: { ...AGENT, state: "exited", exit_status: 130 } },
    { type: "agent_removed", id: "agent-a", session_id: "sess-a" },
    { type: "subscribed", session_id: "sess-a", pane: 1, encoding: "cells", rows: 24, columns: 80 },
    { type: "unsubscribed", session_id: "sess-a", reason: "removed" },
    { type: "terminal_output", session_id: "sess-a", data: "x", timestamp: 1 },
    { type: "input_ack", session_id: "sess-a", seq: 3 },
    { type: "message_update", message: MESSAGE },
    {
      type: "claude_response",
      content: "I'll delegate this.",
      actions: [{ type: "approve_plan", task_ids: [1, 2] }],
      session_id: "sess-a",
      message_id: null,
      timestamp: 1,
    },
    TASK_UPDATE,
    { type: "approval_update", approval: APPROVAL },
    { type: "auth_expiring", expires_unix_s: 9 },
    { type: "pong", id: 1, server_unix_ms: 2 },
    { type: "error", code: "forbidden", message: "No.", about: "input", session_id: "sess-a", seq: 4 },
  ])("reads $type, and leaves out what it does not know", (message) => {
    expect(parseServerMessage(JSON.stringify({ ...message, added_later: 1 }))).toEqual(message);
  });

  it("takes an error that is about nothing in particular", () => {
    expect(parseServerMessage('{"type":"error","code":"c","message":"m"}')).toEqual({
      type: "error",
      code: "c",
      message: "m",
      about: null,
      session_id: null,
      seq: null,
    });
  });

  it.each([
    ["{", "not_json"],
    ["[]", "not_an_object"],
    ["null", "not_an_object"],
    ["{}", "unknown_type"],
    ['{"type":"toString"}', "unknown_type"],
    ['{"type":7}', "unknown_type"],
    ['{"type":"news"}', "unknown_type"],
    ['{"type":"pong","id":-1,"server_unix_ms":1}', "bad_field"],
    ['{"type":"agents","agents":[{}]}', "bad_field"],
    ['{"type":"agent_update"}', "bad_field"],
    [JSON.stringify({ type: "agent_update", agent: { ...AGENT, state: "dreaming" } }), "bad_field"],
    [JSON.stringify({ type: "message_update", message: { ...MESSAGE, state: "read" } }), "bad_field"],
    [JSON.stringify({ type: "message_update", message: { ...MESSAGE, is_cut: 0 } }), "bad_field"],
    [
      JSON.stringify({ type: "claude_response", content: "x", actions: [{}], session_id: "s", timestamp: 1 }),
      "bad_field",
    ],
    [JSON.stringify({ ...TASK_UPDATE, state: "running" }), "bad_field"],
    [JSON.stringify({ ...TASK_UPDATE, task_id: "1" }), "bad_field"],
    ['{"type":"approval_update"}', "bad_field"],
    [
      JSON.stringify({ type: "approval_update", approval: { ...APPROVAL, decisions: ["perhaps"] } }),
      "bad_field",
    ],
    [JSON.stringify({ type: "approval_update", approval: { ...APPROVAL, answers: [] } }), "bad_field"],
  ])("answers %s with the fault %s instead of throwing", (text, code) => {
    expect(parseServerMessage(text)).toMatchObject({ type: "fault", code });
  });
});
