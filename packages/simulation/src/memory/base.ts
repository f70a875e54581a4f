import type { Snapshot } from "@glu/core";

/** Files as they lie somewhere, read when they are asked for. */
export type Base = Pick<Snapshot, "read" | "list">;
