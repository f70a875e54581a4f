import type { Identity } from "@glu/core";
import type { Environment, Setting } from "../process/environment.ts";
import type { CallerSettings } from "./caller-config.ts";

/** Who commits when nobody is configured. The address is reserved never to exist (RFC 2606). */
export const fallbackIdentity: Identity = { name: "Glu Actions", email: "glu-actions@glu.invalid" };

/** What Git's configuration says about who commits, and whether commits are signed. */
export interface CommitSettings {
  author: Identity;
  committer: Identity;
  sign: boolean;
  /** What signing needs to know, as it was configured. */
  signing: Setting[];
}

/**
 * Reads it from the caller's settings. The variables of git-commit(1) come first; what Git would guess from the machine's
 * name is not used.
 */
export function readCommitSettings({ text: output }: CallerSettings, env: Environment): CommitSettings {
  const settings = new Map<string, string>();
  const signing: Setting[] = [];
  for (const entry of output.split("\0")) {
    const [key = "", ...value] = entry.split("\n");
    const text = value.length === 0 ? "true" : value.join("\n");
    settings.set(key, text);
    if (/^(?:gpg\.|user\.signingkey$)/.test(key)) signing.push([key, text]);
  }
  const identity = (role: "author" | "committer"): Identity => {
    const part = (field: "name" | "email"): string | undefined =>
      env[`GIT_${role}_${field}`.toUpperCase()] ||
      settings.get(`${role}.${field}`) ||
      settings.get(`user.${field}`) ||
      (field === "email" ? env.EMAIL : undefined);
    const name = part("name");
    const email = part("email");
    return name === undefined || email === undefined ? fallbackIdentity : { name, email };
  };
  return {
    author: identity("author"),
    committer: identity("committer"),
    sign: /^(?:true|yes|on|[1-9]\d*)$/i.test(settings.get("commit.gpgsign") ?? ""),
    signing,
  };
}
