import type { ForgeConnection } from "./http.ts";
import type { ForgeName } from "./target.ts";

/** Whom a gate asks, and as whom. */
export interface Asking extends ForgeConnection {
  forge: ForgeName;
  token: string | undefined;
  /** `owner/name` of the repository that the job runs in. */
  repository: string;
}

export type AskingWithToken = Asking & { token: string };
