/** The page's composition: stores, HTTP, the live connection, and what every action does. Knows no React. */

import { Api } from "@/api/client";
import { Connection, PaintScheduler } from "@/browser";
import { createAgentsStore } from "@/store/agents";
import { createApprovalsStore } from "@/store/approvals";
import { createChatStore } from "@/store/chat";
import { createConnectionStore } from "@/store/connection";
import { createNoticeStore } from "@/store/notice";
import { parsePlace } from "@/store/place";
import { createPreferencesStore, type TextStore } from "@/store/preferences";
import { createShellStore } from "@/store/shell";
import { createSignInStore } from "@/store/sign-in";
import { createTasksStore } from "@/store/tasks";
import { AskedList } from "./asked-list";
import { frameEncoding } from "./frame-encoding";
import { Talks } from "./talks";
import { TaskList } from "./task-list";

export interface Surroundings {
  readonly origin: string;
  /** The page's own host, without a port. */
  readonly host: string;
  readonly hash: string;
  /** Outlives the tab. */
  readonly local: TextStore;
  /** Ends with the tab: the token lives here. */
  readonly session: TextStore;
  readonly unixS: () => number;
}

/** What the opened terminal can be asked for from outside: by the palette, the leader key, the key bar. */
export interface TerminalControls {
  readonly focus: () => void;
  readonly fit: () => void;
  readonly type: (data: string) => void;
  /** Search in what has scrolled away. */
  readonly find: () => void;
}

/** One per page. Owns the connection, the stores and the paint loop. */
export class Orchestra {
  readonly agents = createAgentsStore();
  readonly approvals = createApprovalsStore();
  readonly chat = createChatStore();
  readonly connection = createConnectionStore();
  readonly notices = createNoticeStore();
  readonly tasks = createTasksStore();
  readonly preferences;
  readonly shell;
  readonly signIn;
  readonly api: Api;
  readonly link: Connection;
  readonly askedList: AskedList;
  readonly taskList: TaskList;
  readonly talks: Talks;
  readonly scheduler = new PaintScheduler();
  readonly unixS: () => number;
  /** Set by the opened terminal while there is one. */
  terminal: TerminalControls | null = null;

  constructor(around: Surroundings) {
    this.unixS = around.unixS;
    this.preferences = createPreferencesStore(around.local);
    this.shell = createShellStore(parsePlace(around.hash));
    this.signIn = createSignInStore(around.session, around.unixS());
    const token = () => this.signIn.getState().token?.accessToken ?? null;
    this.api = new Api({ origin: around.origin, token, onSignedOut: () => this.signOut("refused") });
    this.link = new Connection({
      origin: around.origin,
      token,
      scheduler: this.scheduler,
      encoding: frameEncoding(around.host),
    });
    this.askedList = new AskedList(this);
    this.taskList = new TaskList(this);
    this.talks = new Talks(this);
  }

  signOut(reason: "expired" | "refused" | "asked"): void {
    if (this.signIn.getState().token !== null) this.signIn.getState().signOut(reason);
  }

  /** The daemon's wall clock, as well as this page knows it. */
  serverUnixS(): number {
    return this.unixS() + this.connection.getState().clockAheadS;
  }
}
