/** From JSON text to a `ServerMessage`: total, nothing is thrown whatever the text. */

import type {
  Agent,
  AgentMessage,
  AgentState,
  Approval,
  ApprovalKind,
  ApprovalState,
  ClaudeResponse,
  Decision,
  Encoding,
  Hello,
  MessageFault,
  MessageState,
  ReplyAction,
  ServerError,
  ServerMessage,
  ServerMessageType,
  Subscribed,
  TaskState,
  TaskUpdate,
} from "./message";

type Fields = Readonly<Record<string, unknown>>;
type Check<T> = (value: unknown) => value is T;

const STATES: ReadonlySet<unknown> = new Set<AgentState>([
  "starting",
  "working",
  "waiting_input",
  "blocked",
  "idle",
  "done",
  "failed",
  "exited",
  "lost",
]);

const MESSAGE_STATES: ReadonlySet<unknown> = new Set<MessageState>([
  "queued",
  "pasted",
  "submitted",
  "acknowledged",
  "failed",
]);

const TASK_STATES: ReadonlySet<unknown> = new Set<TaskState>([
  "submitted",
  "awaiting_approval",
  "queued",
  "working",
  "input_required",
  "completed",
  "failed",
  "cancelled",
  "timed_out",
  "rejected",
]);

/** Thrown and caught inside this file only. */
class BadField extends Error {}

const PARSERS: {
  readonly [T in ServerMessageType]: (fields: Fields) => Extract<ServerMessage, { type: T }>;
} = {
  hello: parseHello,
  agents: (fields) => ({ type: "agents", agents: take(fields, "agents", isArray).map(parseAgent) }),
  agent_update: (fields) => ({ type: "agent_update", agent: parseAgent(take(fields, "agent", isObject)) }),
  agent_removed: (fields) => ({
    type: "agent_removed",
    id: take(fields, "id", isText),
    session_id: take(fields, "session_id", isText),
  }),
  subscribed: parseSubscribed,
  unsubscribed: (fields) => ({
    type: "unsubscribed",
    session_id: take(fields, "session_id", isText),
    reason: take(fields, "reason", isReason),
  }),
  terminal_output: (fields) => ({
    type: "terminal_output",
    session_id: take(fields, "session_id", isText),
    data: take(fields, "data", isText),
    timestamp: take(fields, "timestamp", isNumber),
  }),
  input_ack: (fields) => ({
    type: "input_ack",
    session_id: take(fields, "session_id", isText),
    seq: take(fields, "seq", isNatural),
  }),
  message_update: (fields) => ({
    type: "message_update",
    message: parseAgentMessage(take(fields, "message", isObject)),
  }),
  claude_response: parseClaudeResponse,
  task_update: parseTaskUpdate,
  approval_update: ({ approval }) => ({ type: "approval_update", approval: parseApproval(approval) }),
  auth_expiring: (fields) => ({
    type: "auth_expiring",
    expires_unix_s: take(fields, "expires_unix_s", isNumber),
  }),
  pong: (fields) => ({
    type: "pong",
    id: take(fields, "id", isNatural),
    server_unix_ms: take(fields, "server_unix_ms", isNumber),
  }),
  error: parseError,
};

/** Parses one text message of the server. Fields that this page does not know are ignored. */
export function parseServerMessage(text: string): ServerMessage | MessageFault {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fault("not_json", "The message is not JSON.");
  }
  if (!isObject(value)) return fault("not_an_object", "The message is not a JSON object.");
  const { type } = value;
  if (typeof type !== "string" || !Object.hasOwn(PARSERS, type)) {
    return fault("unknown_type", `There is no message of type ${JSON.stringify(type)?.slice(0, 80)}.`);
  }
  try {
    return PARSERS[type as ServerMessageType](value);
  } catch (error) {
    if (error instanceof BadField) return fault("bad_field", `${type}: ${error.message}`);
    throw error;
  }
}

function parseHello(fields: Fields): Hello {
  return {
    type: "hello",
    protocol: take(fields, "protocol", isNatural),
    version: take(fields, "version", isText),
    server_unix_ms: take(fields, "server_unix_ms", isNumber),
    subject: take(fields, "subject", isText),
    permissions: take(fields, "permissions", isTexts),
    expires_unix_s: take(fields, "expires_unix_s", isNumber),
  };
}

function parseSubscribed(fields: Fields): Subscribed {
  return {
    type: "subscribed",
    session_id: take(fields, "session_id", isText),
    pane: take(fields, "pane", isNatural),
    encoding: take(fields, "encoding", isEncoding),
    rows: take(fields, "rows", isNatural),
    columns: take(fields, "columns", isNatural),
  };
}

function parseError(fields: Fields): ServerError {
  return {
    type: "error",
    code: take(fields, "code", isText),
    message: take(fields, "message", isText),
    about: take(fields, "about", isOptionalText) ?? null,
    session_id: take(fields, "session_id", isOptionalText) ?? null,
    seq: take(fields, "seq", isOptionalNatural) ?? null,
  };
}

function parseAgentMessage(fields: Fields): AgentMessage {
  return {
    id: take(fields, "id", isNatural),
    agent_id: take(fields, "agent_id", isText),
    session_id: take(fields, "session_id", isText),
    owner: take(fields, "owner", isText),
    sender: take(fields, "sender", isText),
    task_id: take(fields, "task_id", isOptionalNatural) ?? null,
    text: take(fields, "text", isText),
    is_cut: take(fields, "is_cut", isTruth),
    state: take(fields, "state", isMessageState),
    reason: take(fields, "reason", isText),
    queued_unix_ms: take(fields, "queued_unix_ms", isNumber),
    pasted_unix_ms: take(fields, "pasted_unix_ms", isOptionalNatural) ?? null,
    submitted_unix_ms: take(fields, "submitted_unix_ms", isOptionalNatural) ?? null,
    acknowledged_unix_ms: take(fields, "acknowledged_unix_ms", isOptionalNatural) ?? null,
    failed_unix_ms: take(fields, "failed_unix_ms", isOptionalNatural) ?? null,
  };
}

function parseClaudeResponse(fields: Fields): ClaudeResponse {
  return {
    type: "claude_response",
    content: take(fields, "content", isText),
    actions: take(fields, "actions", isActions),
    session_id: take(fields, "session_id", isText),
    message_id: take(fields, "message_id", isOptionalNatural) ?? null,
    timestamp: take(fields, "timestamp", isNumber),
  };
}

function parseTaskUpdate(fields: Fields): TaskUpdate {
  return {
    type: "task_update",
    task_id: take(fields, "task_id", isNatural),
    agent: take(fields, "agent", isText),
    status: take(fields, "status", isText),
    elapsed_ms: take(fields, "elapsed_ms", isNatural),
    title: take(fields, "title", isText),
    state: take(fields, "state", isTaskState),
    reason: take(fields, "reason", isText),
    agent_id: take(fields, "agent_id", isOptionalText) ?? null,
    parent_id: take(fields, "parent_id", isOptionalNatural) ?? null,
    requester: take(fields, "requester", isText),
    plan_id: take(fields, "plan_id", isOptionalNatural) ?? null,
  };
}

function parseApproval(value: unknown): Approval {
  if (!isObject(value)) throw new BadField("an approval is not an object");
  return {
    id: take(value, "id", isText),
    kind: take(value, "kind", isApprovalKind),
    agent_id: take(value, "agent_id", isText),
    session_id: take(value, "session_id", isText),
    owner: take(value, "owner", isText),
    task_id: take(value, "task_id", isOptionalNatural) ?? null,
    title: take(value, "title", isText),
    detail: take(value, "detail", isObject),
    decisions: take(value, "decisions", isDecisions),
    state: take(value, "state", isApprovalState),
    decision: take(value, "decision", isOptionalDecision) ?? null,
    message: take(value, "message", isText),
    answers: take(value, "answers", isOptionalObject) ?? null,
    decided_by: take(value, "decided_by", isOptionalText) ?? null,
    mode: take(value, "mode", isOptionalText) ?? null,
    reason: take(value, "reason", isText),
    created_unix_ms: take(value, "created_unix_ms", isNumber),
    expires_unix_ms: take(value, "expires_unix_ms", isNumber),
    decided_unix_ms: take(value, "decided_unix_ms", isOptionalNatural) ?? null,
    taken_unix_ms: take(value, "taken_unix_ms", isOptionalNatural) ?? null,
  };
}

/** Also reads the agents of `GET /api/agents`; raises nothing but what `parseServerMessage` catches. */
function parseAgent(value: unknown): Agent {
  if (!isObject(value)) throw new BadField("an agent is not an object");
  return {
    id: take(value, "id", isText),
    session_id: take(value, "session_id", isText),
    profile: take(value, "profile", isText),
    name: take(value, "name", isText),
    state: take(value, "state", isState),
    rows: take(value, "rows", isNatural),
    columns: take(value, "columns", isNatural),
    owner: take(value, "owner", isText),
    cwd: take(value, "cwd", isText),
    command: take(value, "command", isTexts),
    title: take(value, "title", isText),
    created_unix_s: take(value, "created_unix_s", isNumber),
    state_since_unix_s: take(value, "state_since_unix_s", isNumber),
    exit_status: take(value, "exit_status", isExitStatus),
    purpose: take(value, "purpose", isPurpose),
    parent: take(value, "parent", isOptionalText) ?? null,
    task_id: take(value, "task_id", isOptionalNatural) ?? null,
    worktree: take(value, "worktree", isText),
  };
}

function take<T>(fields: Fields, name: string, check: Check<T>): T {
  const value = fields[name];
  if (check(value)) return value;
  throw new BadField(`"${name}" is missing or of the wrong kind`);
}

function fault(code: MessageFault["code"], detail: string): MessageFault {
  return { type: "fault", code, detail };
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isOptionalText(value: unknown): value is string | null | undefined {
  return value === undefined || value === null || typeof value === "string";
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isNatural(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isOptionalNatural(value: unknown): value is number | null | undefined {
  return value === undefined || value === null || isNatural(value);
}

function isExitStatus(value: unknown): value is number | null {
  return value === null || Number.isSafeInteger(value);
}

function isState(value: unknown): value is AgentState {
  return STATES.has(value);
}

function isMessageState(value: unknown): value is MessageState {
  return MESSAGE_STATES.has(value);
}

function isTaskState(value: unknown): value is TaskState {
  return TASK_STATES.has(value);
}

function isApprovalKind(value: unknown): value is ApprovalKind {
  return value === "permission" || value === "question" || value === "plan";
}

function isApprovalState(value: unknown): value is ApprovalState {
  return value === "waiting" || value === "answered" || value === "withdrawn" || value === "expired";
}

function isDecision(value: unknown): value is Decision {
  return value === "allow" || value === "deny" || value === "always" || value === "answer";
}

function isDecisions(value: unknown): value is readonly Decision[] {
  return Array.isArray(value) && value.every(isDecision);
}

function isOptionalDecision(value: unknown): value is Decision | null | undefined {
  return value === undefined || value === null || isDecision(value);
}

function isOptionalObject(value: unknown): value is Fields | null | undefined {
  return value === undefined || value === null || isObject(value);
}

function isTruth(value: unknown): value is boolean {
  return typeof value === "boolean";
}

function isActions(value: unknown): value is readonly ReplyAction[] {
  return Array.isArray(value) && value.every((action) => isObject(action) && isText(action["type"]));
}

function isPurpose(value: unknown): value is Agent["purpose"] {
  return value === "interactive" || value === "task" || value === "joined";
}

function isEncoding(value: unknown): value is Encoding {
  return value === "cells" || value === "packed" || value === "ansi";
}

function isReason(value: unknown): value is "asked" | "removed" {
  return value === "asked" || value === "removed";
}
