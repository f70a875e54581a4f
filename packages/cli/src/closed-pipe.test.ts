import { EventEmitter } from "node:events";
import { expect, it } from "vitest";
import { outliveClosedPipe } from "./closed-pipe.ts";

const failure = (code: string) => Object.assign(new Error(code), { code });

it("a reader that has had enough is no failure, whatever else is written", () => {
  const stream = new EventEmitter();
  outliveClosedPipe(stream);
  for (let times = 0; times < 2; times++) stream.emit("error", failure("EPIPE"));
  expect(() => stream.emit("error", failure("ENOSPC"))).toThrow("ENOSPC");
});
