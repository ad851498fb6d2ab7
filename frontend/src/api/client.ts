/** The HTTP interface of the daemon, one method a route that the page uses. Every failure is a `Problem`. */

import type { Agent } from "@/core";
import type { AgentMemory } from "@/store/agent-memory";
import type { Explanation } from "@/store/explanation";
import type { Token } from "@/store/sign-in";
import { ApprovalApi } from "./approval-api";
import { ChatApi } from "./chat-api";
import { parseProblem, unreachable } from "./problem";
import { TaskApi } from "./task-api";

export interface Profile {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly available: boolean;
  /** Why it is not available. */
  readonly reason: string | null;
  /** Whether tasks can be given to it. */
  readonly does_tasks: boolean;
  /** Where it is written down: shipped with the daemon, or a file of one's own. */
  readonly origin: string;
}

export interface SpawnRequest {
  readonly profile: string;
  readonly name?: string;
  readonly cwd?: string;
  readonly rows?: number;
  readonly columns?: number;
  readonly worktree?: boolean;
}

export interface ApiOptions {
  readonly origin: string;
  readonly token: () => string | null;
  /** Called when the daemon says that the token is not valid any longer. */
  readonly onSignedOut: () => void;
  readonly fetch?: typeof fetch;
}

/** One request: what the parts of this interface share. */
export type Call = (method: string, path: string, body?: unknown, options?: CallOptions) => Promise<unknown>;

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** The same key has one effect, however often the request is repeated. */
  readonly idempotencyKey?: string;
}

interface TokenBody {
  readonly access_token: string;
  readonly expires_unix_s: number;
}

const SIGNED_OUT = 401;
const NO_CONTENT = 204;

function asToken(body: TokenBody): Token {
  return { accessToken: body.access_token, expiresUnixS: body.expires_unix_s };
}

export class Api {
  readonly tasks: TaskApi;
  readonly chat: ChatApi;
  readonly approvals: ApprovalApi;
  readonly #options: ApiOptions;

  constructor(options: ApiOptions) {
    this.#options = options;
    const call: Call = (...request) => this.#call(...request);
    this.tasks = new TaskApi(call);
    this.chat = new ChatApi(call);
    this.approvals = new ApprovalApi(call);
  }

  async profiles(): Promise<readonly Profile[]> {
    return ((await this.#call("GET", "/api/profiles")) as { profiles: readonly Profile[] }).profiles;
  }

  /** Starts what a profile is made of: one agent, for the demo four. */
  async spawn(request: SpawnRequest): Promise<readonly Agent[]> {
    const first = (await this.#call("POST", "/api/agents", request)) as Agent & { agents?: readonly Agent[] };
    return first.agents ?? [first];
  }

  async startDemo(): Promise<readonly Agent[]> {
    return ((await this.#call("POST", "/api/demo", {})) as { agents: readonly Agent[] }).agents;
  }

  /** Stops a running agent (its screen stays), or removes one that has ended: then null. */
  async stopOrRemove(agentId: string): Promise<Agent | null> {
    return (await this.#call("DELETE", `/api/agents/${encodeURIComponent(agentId)}`)) as Agent | null;
  }

  /** Why an agent's state is what it is. */
  async explain(agentId: string): Promise<Explanation> {
    return (await this.#call("GET", `/api/agents/${encodeURIComponent(agentId)}/explain`)) as Explanation;
  }

  /** What an agent's programs take now, all together. */
  async memory(agentId: string): Promise<AgentMemory> {
    return (await this.#call("GET", `/api/agents/${encodeURIComponent(agentId)}/memory`)) as AgentMemory;
  }

  /** History rows before row `before` (null: the newest), oldest first; the history view checks the body. */
  async scrollback(
    sessionId: string,
    before: number | null,
    limit: number,
    signal: AbortSignal,
  ): Promise<unknown> {
    const query = new URLSearchParams({
      limit: String(limit),
      ...(before === null ? {} : { before: String(before) }),
    });
    return await this.#call(
      "GET",
      `/api/sessions/${encodeURIComponent(sessionId)}/scrollback?${query}`,
      undefined,
      { signal },
    );
  }

  /** Which history rows hold a text, newest first; the history view checks the body. */
  async searchScrollback(sessionId: string, text: string, signal: AbortSignal): Promise<unknown> {
    const query = new URLSearchParams({ text });
    return await this.#call(
      "GET",
      `/api/sessions/${encodeURIComponent(sessionId)}/scrollback/search?${query}`,
      undefined,
      { signal },
    );
  }

  async logIn(code: string): Promise<Token> {
    const response = await this.#send("POST", "/auth/login", { code }, null);
    return asToken((await this.#read(response)) as TokenBody);
  }

  async renew(): Promise<Token> {
    return asToken((await this.#call("POST", "/auth/renew", {})) as TokenBody);
  }

  async #call(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<unknown> {
    const response = await this.#send(method, path, body, this.#options.token(), options);
    if (response.status === SIGNED_OUT) this.#options.onSignedOut();
    return await this.#read(response);
  }

  async #send(
    method: string,
    path: string,
    body: unknown,
    token: string | null,
    { signal, idempotencyKey }: CallOptions = {},
  ): Promise<Response> {
    const headers: Record<string, string> = { accept: "application/json" };
    if (body !== undefined) headers["content-type"] = "application/json";
    if (idempotencyKey !== undefined) headers["idempotency-key"] = idempotencyKey;
    if (token !== null) headers["authorization"] = `Bearer ${token}`;
    const send = this.#options.fetch ?? globalThis.fetch.bind(globalThis);
    try {
      return await send(this.#options.origin + path, {
        method,
        headers,
        cache: "no-store",
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw unreachable();
    }
  }

  async #read(response: Response): Promise<unknown> {
    if (response.status === NO_CONTENT) return null;
    let body: unknown = null;
    try {
      body = await response.json();
    } catch {
      // An answer without a JSON body still has its status.
    }
    if (!response.ok) throw parseProblem(response.status, body);
    return body;
  }
}
