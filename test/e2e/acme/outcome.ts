import type { Acme } from "./acme.ts";

/** What a delivery left in the config repository, without what documents say of the run itself. */
export interface Outcome {
  /** `git ls-tree -r` of all that is not a record: mode, type, id of the content, path. */
  tree: string[];
  /** Records by path, without {@link ofTheRun}. */
  records: Record<string, unknown>;
  /** Messages of the commits, newest first, without the trailers of the run. */
  messages: string[];
}

/** What of a release tells who asked for it, where and when. */
const ofTheRun = ["request", "actor", "decidedAt", "releasedAt"];

/** And what of an artifact tells in which run it was made. A digest, and so an id, is different when any of it is. */
const ofTheBuild = ["id", "created", "run", "context"];

/**
 * Reads the outcome at the tip.
 * @param built `here` when each host made the artifact itself, so that its own fields are of the run as well
 */
export async function outcomeOf(acme: Acme, built: "before" | "here"): Promise<Outcome> {
  const entries = (await acme.git("deployments", "ls-tree", "-r", "main")).split("\n");
  const [paths, tree] = [entries.filter(isRecord), entries.filter((entry) => !isRecord(entry))];
  const commits = (await acme.git("deployments", "rev-list", "main")).split("\n");
  const records: Record<string, unknown> = {};
  for (const path of paths.map((entry) => entry.split("\t")[1] ?? "")) {
    records[path] = JSON.parse(await acme.file(path), (key, value) => {
      if (ofTheRun.includes(key) || (key === "trace" && built === "here")) return undefined;
      // A commit's id depends on its time; its place in the history does not.
      if (key === "decidedOn") return `commit ${commits.length - 1 - commits.indexOf(value)}`;
      if (key === "artifact" && built === "here") return withoutBuild(value);
      return value;
    });
  }
  const bodies = await acme.git("deployments", "log", "--format=%B%x00", "main");
  return { tree, records, messages: bodies.split("\0").map((body) => withoutTrailers(body, built)) };
}

const isRecord = (entry: string) => entry.includes("\t.glu/");

/** Besides, a commit's page lies elsewhere on each forge, and at a terminal nothing was pushed. */
function withoutBuild({ version, ...artifact }: { version: Record<string, unknown> }): object {
  const { event: _event, url: _url, ...commit } = version;
  return {
    version: commit,
    ...Object.fromEntries(Object.entries(artifact).filter(([name]) => !ofTheBuild.includes(name))),
  };
}

function withoutTrailers(message: string, built: "before" | "here"): string {
  const names = built === "here" ? "Request|Actor|Artifact|Reason" : "Request|Actor";
  return message
    .split("\n")
    .filter((line) => !new RegExp(`^Glu-(${names}): `).test(line))
    .join("\n")
    .trim();
}
