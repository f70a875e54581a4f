import { readFileSync } from "node:fs";

/**
 * Bytes of memory that a process takes, as Linux counts it (proc(5), VmRSS). Undefined where there is no such count, and
 * when the process is gone.
 */
export function residentMemory(pid: number): number | undefined {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
