export type { Metadata } from "./sops/metadata.ts";
export { decryptSops, readSops, type SopsFile, type Store } from "./sops/open.ts";
export { Refusal } from "./sops/refusals.ts";
export { type Unproven, unprovenIn } from "./sops/unproven.ts";
