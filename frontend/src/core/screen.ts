/** What a terminal shows, as this viewer holds it. Frames change it, painters read it. */

import { crc32OfScreen } from "./checksum";
import type { Frame, Op } from "./frame";
import { Line } from "./line";

/** Bits of `Screen.modes` (protocol 1.4, MODES). */
export const Mode = {
  applicationCursor: 1,
  applicationKeypad: 2,
  bracketedPaste: 4,
  focusEvents: 8,
  mousePress: 16,
  mouseDrag: 32,
  mouseMotion: 64,
  mouseSgr: 128,
  mouseUtf8: 256,
  mouseX10: 512,
  /** The program inside tmux has the alternate screen: the wheel means the cursor keys there. */
  alternateScreen: 1024,
} as const;

/** Any of these: the application wants the mouse. */
export const MOUSE_MODES = Mode.mousePress | Mode.mouseDrag | Mode.mouseMotion | Mode.mouseX10;

export interface Cursor {
  readonly row: number;
  /** 0..columns: one past the last column means that the next character wraps. */
  readonly column: number;
  readonly visible: boolean;
  /** As DECSCUSR: 0 default, 1/2 block blinking/steady, 3/4 underline, 5/6 bar. */
  readonly shape: number;
}

/** `stale`: not of what is held, so it changed nothing. Every fault is mended by subscribing again. */
export type ApplyResult =
  | { readonly ok: true; readonly resized: boolean; readonly titled: boolean; readonly bells: number }
  | { readonly ok: false; readonly fault: "stale" | "bounds" | "checksum"; readonly detail: string };

const HOME: Cursor = { row: 0, column: 0, visible: true, shape: 0 };

/** Mutable; written by its viewer session alone, through `apply`. */
export class Screen {
  #lines: Line[] = [];
  #columns = 0;
  #version = 0;
  #cursor: Cursor = HOME;
  #modes = 0;
  #title = "";
  #epoch = 0;
  #seq = 0;

  get rows(): number {
    return this.#lines.length;
  }

  get columns(): number {
    return this.#columns;
  }

  get cursor(): Cursor {
    return this.#cursor;
  }

  get modes(): number {
    return this.#modes;
  }

  get title(): string {
    return this.#title;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** Number of the snapshot that is held; 0: none yet. */
  get seq(): number {
    return this.#seq;
  }

  /** Changes with every applied frame. */
  get version(): number {
    return this.#version;
  }

  /** The rows from top to bottom. Their `version`s tell which ones changed since one last looked. */
  get lines(): readonly Line[] {
    return this.#lines;
  }

  /** One string a row, a wide character once, blanks as spaces. */
  textRows(): string[] {
    return this.#lines.map((line) => line.toString());
  }

  /** CRC-32 of text and cursor position (protocol 1.5). */
  checksum(): number {
    return crc32OfScreen(this.#lines, this.#cursor.row, this.#cursor.column);
  }

  /** Applies one frame. After a fault the screen may be half changed; only a keyframe makes it whole again. */
  apply(frame: Frame): ApplyResult {
    const keyframe = frame.base === 0;
    if (!keyframe && (this.#seq === 0 || frame.base !== this.#seq || frame.epoch !== this.#epoch)) {
      const held = `epoch ${this.#epoch}, seq ${this.#seq}`;
      return { ok: false, fault: "stale", detail: `the frame starts from ${frame.base}, held is ${held}` };
    }
    const before = { rows: this.rows, columns: this.#columns, epoch: this.#epoch, title: this.#title };
    let bells = 0;
    this.#version += 1;
    for (const op of frame.ops) {
      const fault = this.#applyOp(op);
      if (fault !== null) {
        this.#seq = 0;
        return { ok: false, fault, detail: `${op.kind} does not fit the screen` };
      }
      if (op.kind === "bell") bells += op.count;
    }
    this.#epoch = frame.epoch;
    this.#seq = frame.seq;
    const resized =
      before.rows !== this.rows || before.columns !== this.#columns || before.epoch !== this.#epoch;
    return { ok: true, resized, titled: before.title !== this.#title, bells };
  }

  #applyOp(op: Op): "bounds" | "checksum" | null {
    switch (op.kind) {
      case "size":
        return this.#clear(op.rows, op.columns);
      case "scroll":
        return this.#scroll(op.top, op.bottom, op.by);
      case "row": {
        const line = this.#lines[op.row];
        if (line === undefined || line.write(op.column, op.runs) === null) return "bounds";
        line.version = this.#nextVersion();
        return null;
      }
      case "cursor":
        if (op.row >= this.rows || op.column > this.#columns) return "bounds";
        this.#cursor = { row: op.row, column: op.column, visible: op.visible, shape: op.shape };
        return null;
      case "modes":
        this.#modes = op.bits;
        return null;
      case "title":
        this.#title = op.text;
        return null;
      case "bell":
        return null;
      case "checksum":
        return op.crc === this.checksum() ? null : "checksum";
    }
  }

  #clear(rows: number, columns: number): null {
    this.#columns = columns;
    this.#lines = Array.from({ length: rows }, () => new Line(columns, this.#nextVersion()));
    this.#cursor = HOME;
    this.#modes = 0;
    this.#title = "";
    return null;
  }

  #scroll(top: number, bottom: number, by: number): "bounds" | null {
    if (top >= bottom || bottom > this.rows) return "bounds";
    const count = Math.min(Math.abs(by), bottom - top);
    const blank = Array.from({ length: count }, () => new Line(this.#columns, this.#nextVersion()));
    if (by >= 0) {
      this.#lines.splice(top, count);
      this.#lines.splice(bottom - count, 0, ...blank);
    } else {
      this.#lines.splice(bottom - count, count);
      this.#lines.splice(top, 0, ...blank);
    }
    return null;
  }

  #nextVersion(): number {
    this.#version += 1;
    return this.#version;
  }
}
