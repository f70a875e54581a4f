import type { ReleasesPart } from "../model/source.ts";
import { versionOf } from "./git.ts";
import type { SourceKind } from "./kind.ts";

/** Releases on a forge: those of its tags that somebody has published. */
export const releases: SourceKind<ReleasesPart> = {
  kind: "releases",

  async list(part, ports) {
    const all = await ports.releases.list(part.repository, part.on);
    return all.map(({ tag, prerelease }) => ({ name: tag, prerelease }));
  },

  async pin({ repository, on }, { name }, ports) {
    return { pinned: { commit: (await ports.releases.commit(repository, on, name)).sha } };
  },

  async read({ repository, on }, { name: tag }, _pinned, { ports }) {
    const [commit, all] = await Promise.all([
      ports.releases.commit(repository, on, tag),
      ports.releases.list(repository, on),
    ]);
    const url = all.find((one) => one.tag === tag)?.url;
    return {
      version: { ...versionOf(commit), event: "release", tag, ...(url === undefined ? {} : { url }) },
      committedAt: commit.committedAt,
      vars: { release: tag, gitCommit: commit.sha },
    };
  },
};
