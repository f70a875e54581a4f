import { OutsideError } from "@glu/core";

/** The error where a run has no approvals, whatever is asked. */
export const noRun = (why: string, fix: string): OutsideError => new OutsideError("approval/no-run", why, { fix });
