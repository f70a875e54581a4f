import type { RepoPath } from "../model/names.ts";
import type { Preview } from "../model/preview.ts";
import type { Snapshot } from "../ports/config-repository.ts";
import { sha256 } from "./render.ts";

/** Previews of which a file is gone, or is not what was written. */
export async function missingFiles(previews: readonly Preview[], tip: Snapshot): Promise<Preview[]> {
  const paths = previews.flatMap(({ files }) => files.map(({ path }) => path as RepoPath));
  const there = await tip.read(paths);
  return previews.filter(({ files }) =>
    files.some((one) => {
      const file = there.get(one.path as RepoPath);
      return file?.kind !== "file" || sha256(file.content) !== one.sha256;
    }),
  );
}
