import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

/** The page of the bench, built apart from the daemon's: `npm run bench-page -- --outDir DIRECTORY`. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  resolve: { alias: { "@": fileURLToPath(new URL("../src", import.meta.url)) } },
  build: { emptyOutDir: true, chunkSizeWarningLimit: 2048 },
  logLevel: "warn",
});
