/** A phone's keyboard covers the page without resizing it; the page follows what is left. */

const HEIGHT = "--app-height";
/** A viewport smaller by more than this has a keyboard over it. */
const KEYBOARD_PX = 120;

/** Keeps `--app-height` at the visible height and marks the document while a keyboard is up; returns what ends that. */
export function followViewport(page: Window): () => void {
  const viewport = page.visualViewport;
  const root = page.document.documentElement;
  if (viewport === null) return () => {};
  const show = () => {
    root.style.setProperty(HEIGHT, `${viewport.height}px`);
    root.toggleAttribute("data-keyboard", page.innerHeight - viewport.height > KEYBOARD_PX);
    page.scrollTo(0, 0);
  };
  viewport.addEventListener("resize", show);
  viewport.addEventListener("scroll", show);
  show();
  return () => {
    viewport.removeEventListener("resize", show);
    viewport.removeEventListener("scroll", show);
  };
}
