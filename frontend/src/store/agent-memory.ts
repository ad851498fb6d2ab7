/** How much memory an agent's programs take, as the daemon tells it. */

export interface AgentMemory {
  readonly memory_bytes: number;
  readonly processes: number;
}

const MEBIBYTE = 1024 * 1024;

/** `263 MiB in 4 processes`, for people. */
export function memoryWords({ memory_bytes, processes }: AgentMemory): string {
  const size = memory_bytes / MEBIBYTE;
  const shown = size < 10 ? size.toFixed(1) : Math.round(size).toString();
  return `${shown} MiB in ${processes} ${processes === 1 ? "process" : "processes"}`;
}
