/** Every JSON message of the conversation (protocol 1.1, 1.2), one type each. Field names are the wire's own. */

export const PROTOCOL = 1;

export type AgentState =
  | "starting"
  | "working"
  | "waiting_input"
  | "blocked"
  | "idle"
  | "done"
  | "failed"
  | "exited"
  | "lost";

export interface Agent {
  readonly id: string;
  readonly session_id: string;
  readonly profile: string;
  readonly name: string;
  readonly state: AgentState;
  readonly rows: number;
  readonly columns: number;
  readonly owner: string;
  readonly cwd: string;
  /** The program and its arguments. */
  readonly command: readonly string[];
  readonly title: string;
  readonly created_unix_s: number;
  readonly state_since_unix_s: number;
  /** null while the program runs; its exit code after, or 128 + signal. */
  readonly exit_status: number | null;
  readonly purpose: "interactive" | "task" | "joined";
  /** The agent that asked for it, and the task that it was started for; null: none. */
  readonly parent: string | null;
  readonly task_id: number | null;
  /** The folder of its own branch; empty: none. */
  readonly worktree: string;
}

export type ClientMessage =
  | SubscribeTerminal
  | { readonly type: "unsubscribe_terminal"; readonly session_id: string }
  | { readonly type: "resync"; readonly session_id: string; readonly reason: ResyncReason }
  | { readonly type: "input"; readonly session_id: string; readonly seq: number; readonly data: string }
  | {
      readonly type: "input";
      readonly session_id: string;
      readonly seq: number;
      readonly data_base64: string;
    }
  | { readonly type: "paste"; readonly session_id: string; readonly seq: number; readonly text: string }
  | { readonly type: "resize"; readonly session_id: string; readonly rows: number; readonly columns: number }
  | { readonly type: "ack"; readonly tick: number }
  | { readonly type: "ping"; readonly id: number }
  | { readonly type: "auth"; readonly token: string }
  | { readonly type: "user_message"; readonly content: string; readonly session_id: string };

/** How a terminal comes: VT text, frames, or frames that are packed. */
export type Encoding = "ansi" | "cells" | "packed";

/** How a viewer noticed that what it holds is wrong. */
export type ResyncReason = "checksum" | "stale" | "bounds";

export interface SubscribeTerminal {
  readonly type: "subscribe_terminal";
  readonly session_id: string;
  readonly encoding: Encoding;
  readonly visible: boolean;
  readonly focused: boolean;
  readonly max_fps: number;
}

export interface Hello {
  readonly type: "hello";
  readonly protocol: number;
  readonly version: string;
  readonly server_unix_ms: number;
  readonly subject: string;
  readonly permissions: readonly string[];
  readonly expires_unix_s: number;
}

export interface Subscribed {
  readonly type: "subscribed";
  readonly session_id: string;
  readonly pane: number;
  readonly encoding: Encoding;
  readonly rows: number;
  readonly columns: number;
}

export type MessageState = "queued" | "pasted" | "submitted" | "acknowledged" | "failed";

/** Text for an agent and how far it has come; a time is null until its state was reached. */
export interface AgentMessage {
  readonly id: number;
  readonly agent_id: string;
  readonly session_id: string;
  readonly owner: string;
  /** Who wrote it: a person's key, or an agent's id. */
  readonly sender: string;
  readonly task_id: number | null;
  readonly text: string;
  /** Whether only the beginning of the text is told; `GET /api/messages/{id}` tells all of it. */
  readonly is_cut: boolean;
  readonly state: MessageState;
  /** Why it failed; else empty. */
  readonly reason: string;
  readonly queued_unix_ms: number;
  readonly pasted_unix_ms: number | null;
  readonly submitted_unix_ms: number | null;
  readonly acknowledged_unix_ms: number | null;
  readonly failed_unix_ms: number | null;
}

/** What the reader of a reply may do about it; what else it holds hangs on its type. */
export interface ReplyAction {
  readonly type: string;
  readonly [name: string]: unknown;
}

export interface ClaudeResponse {
  readonly type: "claude_response";
  readonly content: string;
  readonly actions: readonly ReplyAction[];
  readonly session_id: string;
  /** The message that it follows; null: none is known. */
  readonly message_id: number | null;
  readonly timestamp: number;
}

export type TaskState =
  | "submitted"
  | "awaiting_approval"
  | "queued"
  | "working"
  | "input_required"
  | "completed"
  | "failed"
  | "cancelled"
  | "timed_out"
  | "rejected";

export interface TaskUpdate {
  readonly type: "task_update";
  readonly task_id: number;
  /** Whom it was given to: a profile, or an agent's id. */
  readonly agent: string;
  /** Its state in the words of the wire: `working` is `running`. */
  readonly status: string;
  /** Since it was given. */
  readonly elapsed_ms: number;
  readonly title: string;
  readonly state: TaskState;
  readonly reason: string;
  /** The agent of its newest attempt; null: none yet. */
  readonly agent_id: string | null;
  /** The task that it came from; null: a person gave it. */
  readonly parent_id: number | null;
  /** Who gave it: a person's key, or one that ends with an agent's id. */
  readonly requester: string;
  /** Tasks of one plan share it; null: it was given by itself. */
  readonly plan_id: number | null;
}

export type ApprovalKind = "permission" | "question" | "plan";
export type Decision = "allow" | "deny" | "always" | "answer";
export type ApprovalState = "waiting" | "answered" | "withdrawn" | "expired";

/** What an agent asks a person, and what became of it. */
export interface Approval {
  readonly id: string;
  readonly kind: ApprovalKind;
  readonly agent_id: string;
  readonly session_id: string;
  readonly owner: string;
  readonly task_id: number | null;
  readonly title: string;
  /** What is asked; its fields hang on the kind, and the tool's input on the tool. */
  readonly detail: { readonly [name: string]: unknown };
  /** Those that it takes. */
  readonly decisions: readonly Decision[];
  readonly state: ApprovalState;
  readonly decision: Decision | null;
  /** What the person added. */
  readonly message: string;
  /** By question; null: it was none. */
  readonly answers: { readonly [question: string]: unknown } | null;
  /** A person's key, or `terminal`; null: nobody has. */
  readonly decided_by: string | null;
  /** What a plan goes on in. */
  readonly mode: string | null;
  /** Why nobody can decide it any more; else empty. */
  readonly reason: string;
  readonly created_unix_ms: number;
  readonly expires_unix_ms: number;
  readonly decided_unix_ms: number | null;
  /** When the program was first given the decision. */
  readonly taken_unix_ms: number | null;
}

export interface ApprovalUpdate {
  readonly type: "approval_update";
  readonly approval: Approval;
}

export interface ServerError {
  readonly type: "error";
  readonly code: string;
  readonly message: string;
  /** Type of the message that was refused. */
  readonly about: string | null;
  readonly session_id: string | null;
  /** Of input that was refused: it was not written, and its number is used up. */
  readonly seq: number | null;
}

export type ServerMessage =
  | Hello
  | { readonly type: "agents"; readonly agents: readonly Agent[] }
  | { readonly type: "agent_update"; readonly agent: Agent }
  | { readonly type: "agent_removed"; readonly id: string; readonly session_id: string }
  | Subscribed
  | { readonly type: "unsubscribed"; readonly session_id: string; readonly reason: "asked" | "removed" }
  | {
      readonly type: "terminal_output";
      readonly session_id: string;
      readonly data: string;
      readonly timestamp: number;
    }
  | { readonly type: "input_ack"; readonly session_id: string; readonly seq: number }
  | { readonly type: "message_update"; readonly message: AgentMessage }
  | ClaudeResponse
  | TaskUpdate
  | ApprovalUpdate
  | { readonly type: "auth_expiring"; readonly expires_unix_s: number }
  | { readonly type: "pong"; readonly id: number; readonly server_unix_ms: number }
  | ServerError;

export type ServerMessageType = ServerMessage["type"];

/** A message that is not of this protocol: what was wrong, never thrown. `unknown_type` may be newer than this page. */
export interface MessageFault {
  readonly type: "fault";
  readonly code: "not_json" | "not_an_object" | "unknown_type" | "bad_field";
  readonly detail: string;
}
