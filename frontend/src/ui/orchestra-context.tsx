import { createContext, type ReactNode, useContext } from "react";
import { useStore } from "zustand";
import type { Agent } from "@/core";
import type { Orchestra } from "@/live/orchestra";
import { perform } from "@/live/perform";
import type { Action } from "@/store/action";
import { type AgentsState, findBySession } from "@/store/agents";
import type { ApprovalsState } from "@/store/approvals";
import { type ChatState, NEW_TALK, type Talk } from "@/store/chat";
import { type ConnectionState, mayI, type Permission } from "@/store/connection";
import type { NoticeState } from "@/store/notice";
import type { PreferencesState } from "@/store/preferences";
import type { ShellState } from "@/store/shell";
import type { SignInState } from "@/store/sign-in";
import type { TasksState } from "@/store/tasks";

const Context = createContext<Orchestra | null>(null);

export function OrchestraProvider({ orchestra, children }: { orchestra: Orchestra; children: ReactNode }) {
  return <Context value={orchestra}>{children}</Context>;
}

export function useOrchestra(): Orchestra {
  const orchestra = useContext(Context);
  if (orchestra === null) throw new Error("useOrchestra outside of OrchestraProvider");
  return orchestra;
}

export function useAgents<T>(select: (state: AgentsState) => T): T {
  return useStore(useOrchestra().agents, select);
}

export function useApprovals<T>(select: (state: ApprovalsState) => T): T {
  return useStore(useOrchestra().approvals, select);
}

export function useChat<T>(select: (state: ChatState) => T): T {
  return useStore(useOrchestra().chat, select);
}

export function useTasks<T>(select: (state: TasksState) => T): T {
  return useStore(useOrchestra().tasks, select);
}

export function useTalk(sessionId: string): Talk {
  return useChat((state) => state.talks.get(sessionId) ?? NEW_TALK);
}

export function useConnection<T>(select: (state: ConnectionState) => T): T {
  return useStore(useOrchestra().connection, select);
}

export function useNotices<T>(select: (state: NoticeState) => T): T {
  return useStore(useOrchestra().notices, select);
}

export function usePreferences<T>(select: (state: PreferencesState) => T): T {
  return useStore(useOrchestra().preferences, select);
}

export function useShell<T>(select: (state: ShellState) => T): T {
  return useStore(useOrchestra().shell, select);
}

export function useSignIn<T>(select: (state: SignInState) => T): T {
  return useStore(useOrchestra().signIn, select);
}

export function useAgent(sessionId: string): Agent | undefined {
  return useAgents((state) => findBySession(state.agents, sessionId));
}

export function useMay(permission: Permission): boolean {
  return useConnection((state) => mayI(state, permission));
}

/** What a button or a key press does. */
export function usePerform(): (action: Action) => void {
  const orchestra = useOrchestra();
  return (action) => perform(orchestra, action);
}
