/** Tasks and messages for tests; nothing else imports this. */

import type { AgentMessage, ClaudeResponse, Hello, TaskUpdate } from "@/core";
import type { SaidMessage } from "./chat";
import type { Task } from "./task";

const STEM = "a".repeat(26);

export const SESSION = `sess-${STEM}`;

export function sampleTask(id: number, part: Partial<Task> = {}): Task {
  return {
    task_id: id,
    parent_id: null,
    requester: "issuer|local|ada",
    plan_id: null,
    to: "shell",
    title: `Task ${id}`,
    brief: "make test",
    state: "queued",
    reason: "",
    after: [],
    cwd: "",
    worktree: false,
    deadline_unix_s: null,
    retries: 0,
    attempts: 0,
    agent_id: null,
    created_unix_s: 1000,
    state_since_unix_s: 1000,
    ...part,
  };
}

export function sampleUpdate(id: number, part: Partial<TaskUpdate> = {}): TaskUpdate {
  return {
    type: "task_update",
    task_id: id,
    agent: "shell",
    status: "running",
    elapsed_ms: 45_000,
    title: `Task ${id}`,
    state: "working",
    reason: "",
    agent_id: `agent-${STEM}`,
    parent_id: null,
    requester: "issuer|local|ada",
    plan_id: null,
    ...part,
  };
}

export function sampleMessage(id: number, part: Partial<AgentMessage> = {}): AgentMessage {
  return {
    id,
    agent_id: `agent-${STEM}`,
    session_id: SESSION,
    owner: "issuer|local|ada",
    sender: "issuer|local|ada",
    task_id: null,
    text: `text ${id}`,
    is_cut: false,
    state: "queued",
    reason: "",
    queued_unix_ms: id * 1000,
    pasted_unix_ms: null,
    submitted_unix_ms: null,
    acknowledged_unix_ms: null,
    failed_unix_ms: null,
    ...part,
  };
}

export function sampleSaid(id: number, part: Partial<AgentMessage> = {}): SaidMessage {
  return { ...sampleMessage(id, part), kind: "message" };
}

export function sampleReply(content: string, part: Partial<ClaudeResponse> = {}): ClaudeResponse {
  return {
    type: "claude_response",
    content,
    actions: [],
    session_id: SESSION,
    message_id: null,
    timestamp: 5000,
    ...part,
  };
}

/** The greeting of a person with these permissions. */
export function sampleHello(...permissions: string[]): Hello {
  return {
    type: "hello",
    protocol: 1,
    version: "0",
    server_unix_ms: 0,
    subject: "local|ada",
    permissions,
    expires_unix_s: 9,
  };
}
