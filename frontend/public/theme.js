// Runs before the first paint, so that the page never flashes in another theme. The same rule as src/store/preferences.ts.
(() => {
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem("orchestra.preferences") || "{}") || {};
  } catch {
    // Unreadable preferences count as none.
  }
  const light = matchMedia("(prefers-color-scheme: light)").matches;
  const contrast = matchMedia("(prefers-contrast: more)").matches;
  const system = contrast ? "contrast" : light ? "light" : "dark";
  const named = ["dark", "light", "contrast"].includes(kept.theme) ? kept.theme : system;
  document.documentElement.dataset.theme = named;
  document.documentElement.dataset.density = kept.density === "compact" ? "compact" : "comfortable";
})();
