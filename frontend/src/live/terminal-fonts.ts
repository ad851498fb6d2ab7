/** A canvas does not wait for a typeface, so the four faces of the terminal are asked for once, early. */

const FACES = ["", "bold ", "italic ", "italic bold "];

let loaded: Promise<unknown> | undefined;

/** Resolves when they have come, or will not come: then the fallback stays. */
export function terminalFonts(fonts: FontFaceSet): Promise<unknown> {
  loaded ??= Promise.allSettled(FACES.map((face) => fonts.load(`${face}13px "JetBrains Mono"`)));
  return loaded;
}
