import type { EventEmitter } from "node:events";

/**
 * Goes on when nobody reads any more what is written (`glu … | head -1`, EPIPE of write(2)): what the command does must
 * not stop half-way for that, and it ends with the exit code it has. Any other failure to write stays one.
 */
export function outliveClosedPipe(stream: EventEmitter): void {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}
