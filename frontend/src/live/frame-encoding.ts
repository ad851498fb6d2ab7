/** How this page asks for its terminals' frames. */

import type { FrameEncoding } from "@/core";

/** Names under which a browser reaches its own machine: an address is written as `location.hostname` does. */
const OWN_MACHINE = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Packed over a network; on the daemon's own machine bytes cost nothing, and packing does. */
export function frameEncoding(host: string): FrameEncoding {
  return OWN_MACHINE.test(host) ? "cells" : "packed";
}
