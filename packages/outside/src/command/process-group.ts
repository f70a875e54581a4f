import { type ChildProcess, spawn } from "node:child_process";

/**
 * Ends a program and all that it started. On POSIX that is its process group, so what made itself a group of its own
 * goes on; on Windows the tree below it, as `taskkill` finds it.
 */
export function endGroup({ pid }: ChildProcess, platform: NodeJS.Platform): void {
  if (pid === undefined) return;
  if (platform === "win32") {
    spawn("taskkill", ["/pid", String(pid), "/T", "/F"], { stdio: "ignore", windowsHide: true }).on("error", () => {
      process.kill(pid);
    });
    return;
  }
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // All of it has ended; macOS says EPERM then.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}

const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** What is to be ended, for one set of listeners: Node warns of many. */
const running = new Set<() => void>();

function endAll(): void {
  for (const end of running) end();
}

function passOn(signal: NodeJS.Signals): void {
  endAll();
  listen("off");
  process.kill(process.pid, signal);
}

function listen(onOrOff: "on" | "off"): void {
  for (const signal of endings) process[onOrOff](signal, passOn);
  process[onOrOff]("exit", endAll);
}

/**
 * A group of its own gets no signal of the terminal or the runner: it is ended when this process is told to end, and
 * the signal then does what it does. Call what is given back when the group has ended.
 */
export function endWithThisProcess(end: () => void): () => void {
  if (running.size === 0) listen("on");
  running.add(end);
  return () => {
    if (running.delete(end) && running.size === 0) listen("off");
  };
}
