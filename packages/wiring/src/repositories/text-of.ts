import { type RepoPath, UserError } from "@glu/core";

/** The text of a config file. @throws UserError `config/encoding` */
export function textOf(file: RepoPath, content: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch (cause) {
    throw new UserError("config/encoding", `${file} is not UTF-8.`, {
      seen: file,
      at: { file },
      fix: "Save it as UTF-8.",
      cause,
    });
  }
}
