import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BareFixture } from "@glu/testing/internal";

/** What a secret looks like where it must not be: as it is, and as headers and URLs carry it. */
function formsOf(secret: string): string[] {
  const users = ["", "x-access-token:", "gitlab-ci-token:", "oauth2:", "glu:"];
  return [secret, encodeURIComponent(secret), ...users.map((user) => Buffer.from(user + secret).toString("base64"))];
}

/** Which of the texts hold the secret, by their name. */
export function leaksOf(secret: string, texts: Readonly<Record<string, string>>): string[] {
  const forms = formsOf(secret);
  return Object.entries(texts).flatMap(([name, text]) => (forms.some((form) => text.includes(form)) ? [name] : []));
}

/** All files below a folder, by path. */
export function filesBelow(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), "latin1")]),
  );
}

/** Everything in a repository, unpacked: commits, trees, files, and its own configuration. */
export function contentOf(repository: BareFixture): Record<string, string> {
  return {
    objects: repository.git("cat-file", "--batch-all-objects", "--batch"),
    config: readFileSync(join(repository.path, "config"), "latin1"),
  };
}
