import type { NextConfig } from "next";

/** A static export: the daemon serves `out/` itself, so there is no Node at run time and no image service. */
const config: NextConfig = {
  output: "export",
  images: { unoptimized: true },
  poweredByHeader: false,
  devIndicators: false,
  reactStrictMode: true,
  // Types are checked by `npm run types`; the build does not repeat it.
  typescript: { ignoreBuildErrors: true },
};

export default config;
