import { describe, expect, it } from "vitest";
import { createTerminalHost, type TerminalHostOptions } from "./terminal.ts";

function terminal(isTTY: boolean, more: Partial<TerminalHostOptions> = {}) {
  let seen = "";
  const stderr = {
    isTTY,
    write(text: string) {
      seen += text;
    },
  };
  const host = createTerminalHost({ stdout: stderr, stderr, ...more });
  return { host, seen: () => seen };
}

describe("progress in a terminal", () => {
  it("stands in one place and is gone when something is said", () => {
    const { host, seen } = terminal(true);
    host.logger.progress("Reading");
    host.logger.progress("Writing\u001b[31m");
    host.logger.info("done");
    expect(seen()).toBe("Reading …\r\u001b[2KWriting\ufffd[31m …\r\u001b[2Kdone\n");
  });

  it("is not shown where nobody watches", () => {
    const { host, seen } = terminal(false);
    host.logger.progress("Reading");
    expect(seen()).toBe("");
  });

  it.each([{ runner: { masks: false } }, { inJob: true }])("is lines of the log in a job (%j)", (job) => {
    const { host, seen } = terminal(false, job);
    for (const _twice of [1, 2]) host.logger.progress("Waiting until #1 is merged\n::error::no");
    host.logger.info("done");
    expect(seen().split("\n").at(-2)).toBe("done");
    expect(seen()).toMatch(/^Waiting until #1 is merged/);
    if (job.inJob !== true) expect(seen()).not.toMatch(/^::error::/m);
    expect(seen().match(/Waiting/g)).toHaveLength(1);
  });
});
