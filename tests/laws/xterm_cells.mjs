// Prints, as JSON, the cells that xterm.js makes of a file: node xterm_cells.mjs MODULE FILE ROWS COLUMNS
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [module, file, rows, columns] = process.argv.slice(2);
const { Terminal } = (await import(pathToFileURL(module).href)).default;
const terminal = new Terminal({ rows: Number(rows), cols: Number(columns), allowProposedApi: true, scrollback: 0 });

function colour(isDefault, isRgb, value) {
  return isDefault ? null : isRgb ? 0x1000000 | value : value;
}

function cell(seen) {
  const flags =
    (seen.isBold() ? 1 : 0) | (seen.isDim() ? 2 : 0) | (seen.isItalic() ? 4 : 0) | (seen.isBlink() ? 8 : 0) |
    (seen.isInverse() ? 16 : 0) | (seen.isInvisible() ? 32 : 0) | (seen.isStrikethrough() ? 64 : 0) |
    (seen.isOverline() ? 128 : 0) | (seen.isUnderline() ? 256 : 0);
  const text = seen.getWidth() === 0 ? "" : seen.getChars() || " ";
  return [
    text,
    flags,
    colour(seen.isFgDefault(), seen.isFgRGB(), seen.getFgColor()),
    colour(seen.isBgDefault(), seen.isBgRGB(), seen.getBgColor()),
  ];
}

terminal.write(readFileSync(file), () => {
  const buffer = terminal.buffer.active;
  const lines = Array.from({ length: Number(rows) }, (_, row) => {
    const line = buffer.getLine(buffer.baseY + row);
    return Array.from({ length: Number(columns) }, (_, column) => cell(line.getCell(column)));
  });
  process.stdout.write(JSON.stringify(lines));
});
