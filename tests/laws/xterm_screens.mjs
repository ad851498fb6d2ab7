// Reads chains of texts as JSON, writes each chain to an xterm.js terminal of its own, and prints what it shows after
// each text: node xterm_screens.mjs MODULE < chains. A chain: [{rows, columns, text}]; a terminal is resized first.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { Terminal } = (await import(pathToFileURL(process.argv[2]).href)).default;
const SHAPES = { block: 1, underline: 3, bar: 5 };

function colour(isDefault, isRgb, value) {
  return isDefault ? null : isRgb ? 0x1000000 | value : value;
}

function cell(core, seen) {
  const flags =
    (seen.isBold() ? 1 : 0) | (seen.isDim() ? 2 : 0) | (seen.isItalic() ? 4 : 0) | (seen.isBlink() ? 8 : 0) |
    (seen.isInverse() ? 16 : 0) | (seen.isInvisible() ? 32 : 0) | (seen.isStrikethrough() ? 64 : 0) |
    (seen.isOverline() ? 128 : 0);
  const text = seen.getWidth() === 0 ? "" : seen.getChars() || " ";
  const link = seen.extended.urlId ? core._oscLinkService.getLinkData(seen.extended.urlId).uri : null;
  // xterm.js draws a link's underline dashed, whatever it was.
  const underline = !seen.isUnderline() ? 0 : link === null ? seen.extended.underlineStyle : -1;
  const isPlain = !seen.isUnderline() || seen.isUnderlineColorDefault();
  const underlineColour = colour(isPlain, seen.isUnderlineColorRGB(), seen.getUnderlineColor());
  return [
    text,
    flags,
    colour(seen.isFgDefault(), seen.isFgRGB(), seen.getFgColor()),
    colour(seen.isBgDefault(), seen.isBgRGB(), seen.getBgColor()),
    underline,
    underlineColour,
    link,
  ];
}

function shown(terminal, title) {
  const buffer = terminal.buffer.active;
  const core = terminal._core;
  const cells = Array.from({ length: terminal.rows }, (_, row) => {
    const line = buffer.getLine(buffer.baseY + row);
    return Array.from({ length: terminal.cols }, (_, column) => cell(core, line.getCell(column)));
  });
  const { cursorStyle, cursorBlink } = core.coreService.decPrivateModes;
  const shape = cursorStyle === undefined ? 0 : SHAPES[cursorStyle] + (cursorBlink ? 0 : 1);
  return {
    cells,
    cursor: [buffer.cursorY, Math.min(buffer.cursorX, terminal.cols - 1), !core.coreService.isCursorHidden, shape],
    title,
    modes: terminal.modes,
    encoding: (core.coreMouseService ?? core.mouseStateService).activeEncoding,
  };
}

async function played(chain) {
  const { rows, columns } = chain[0];
  const terminal = new Terminal({ rows, cols: columns, allowProposedApi: true, scrollback: 0 });
  let title = "";
  terminal.onTitleChange((text) => { title = text; });
  const screens = [];
  for (const step of chain) {
    if (step.rows !== terminal.rows || step.columns !== terminal.cols) terminal.resize(step.columns, step.rows);
    await new Promise((written) => terminal.write(step.text, written));
    screens.push(shown(terminal, title));
  }
  terminal.dispose();
  return screens;
}

const all = [];
for (const chain of JSON.parse(readFileSync(0, "utf8"))) all.push(await played(chain));
process.stdout.write(JSON.stringify(all));
