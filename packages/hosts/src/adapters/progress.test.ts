import { describe, expect, it } from "vitest";
import { createTerminalHost } from "./terminal.ts";

function terminal(isTTY: boolean) {
  let seen = "";
  const stderr = {
    isTTY,
    write(text: string) {
      seen += text;
    },
  };
  const host = createTerminalHost({ stdout: stderr, stderr });
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
});
