import type { ForgeConnection } from "./http.ts";
import type { ForgeName } from "./target.ts";

/** Whom a gate asks, and as whom. */
export interface Asking extends ForgeConnection {
  forge: ForgeName;
  token: string | undefined;
  /** `owner/name` of the repository that the job runs in. */
  repository: string;
  /** Told what a forge does not have switched on, and where that is set; default: nobody. */
  notice?: (text: string) => void;
}

export type AskingWithToken = Asking & { token: string };
