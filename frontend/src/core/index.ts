/** The door of the pure part: everything that the browser layer and the interface may use. */

export { CellWidths } from "./cell-width";
export { findText, type TextSpan } from "./find-text";
export type { EnvelopeFault, Frame, Op } from "./frame";
export { decodeEnvelope, decodeFrame, parseHistoryRow } from "./frame";
export type { UnsentInput } from "./input-ledger";
export { Line, type Run } from "./line";
export type {
  Agent,
  AgentMessage,
  AgentState,
  Approval,
  ApprovalKind,
  ApprovalState,
  ClaudeResponse,
  ClientMessage,
  Decision,
  Hello,
  MessageFault,
  MessageState,
  ReplyAction,
  ServerError,
  ServerMessage,
  ServerMessageType,
  Subscribed,
  SubscribeTerminal,
  TaskState,
  TaskUpdate,
} from "./message";
export { PROTOCOL } from "./message";
export { parseServerMessage } from "./parse-message";
export {
  CLOSE_ABNORMAL,
  CLOSE_FORBIDDEN,
  CLOSE_NO_LIFE_SIGN,
  CLOSE_NOT_SIGNED_IN,
  IDLE,
  type LinkEvent,
  type LinkPhase,
  type LinkState,
  reduceLink,
} from "./reconnect";
export { type Cursor, MOUSE_MODES, Mode, Screen } from "./screen";
export { MAX_PASTE_CHARACTERS, type SessionEvent, ViewerSession } from "./session";
export {
  type Colour,
  DEFAULT_STYLE,
  Flag,
  RGB_BIT,
  type Style,
  sameStyle,
  type Underline,
  underlineOf,
} from "./style";
export type { FrameEncoding, TerminalWant } from "./subscription";
export { VtWriter } from "./vt";
