import { createHash } from "node:crypto";
import { OutsideError } from "../errors.ts";
import type { Artifact } from "../model/artifact.ts";
import type { Digest } from "../model/names.ts";
import type { ArtifactStore } from "../ports/artifact-store.ts";
import type { ChartVersion, ForgeRelease, ImageFacts, ListedRef, SourcePorts } from "../ports/source-ports.ts";
import type { SourceCommit } from "../ports/source-repository.ts";
import { storeOf } from "./memory.ts";

export const digestFor = (text: string): Digest =>
  `sha256:${createHash("sha256").update(text).digest("hex")}` as Digest;
export const shaFor = (text: string): string => createHash("sha1").update(text).digest("hex");

export function commitFor(text: string, committedAt = "2026-01-01T00:00:00.000Z"): SourceCommit {
  const who = { name: "Ada", email: "ada@example.org" };
  return { sha: shaFor(text), author: who, committer: who, committedAt, message: `${text}\n` };
}

/** What sources look at, in memory. It counts what it is asked, and knows nothing that was not put in. */
export class MemorySources implements SourcePorts {
  readonly asked: string[] = [];
  /** `image:tag` → digest. */
  readonly tagged = new Map<string, Digest>();
  readonly says = new Map<Digest, ImageFacts>();
  readonly chartVersions = new Map<string, ChartVersion[]>();
  readonly refs = new Map<string, { tags: ListedRef[]; branches: ListedRef[] }>();
  readonly commits = new Map<string, SourceCommit>();
  readonly released = new Map<string, ForgeRelease[]>();
  /** Hosts or repositories that cannot be reached. */
  readonly down = new Set<string>();

  push(image: string, tag: string, facts: Partial<ImageFacts> & { content?: string } = {}): Digest {
    const digest = digestFor(facts.content ?? `${image}:${tag}`);
    this.tagged.set(`${image}:${tag}`, digest);
    this.says.set(digest, { createdAt: facts.createdAt, revision: facts.revision });
    return digest;
  }

  #ask(what: string, about: string): void {
    this.asked.push(`${what} ${about}`);
    if ([...this.down].some((name) => about.startsWith(name))) {
      throw new OutsideError("registry/unreachable", `${about} is down.`, { transient: true });
    }
  }

  readonly images = {
    tags: async (name: string) => {
      this.#ask("tags", name);
      return [...this.tagged.keys()].flatMap((key) => (key.startsWith(`${name}:`) ? [key.slice(name.length + 1)] : []));
    },
    resolve: async (name: string, tag: string) => {
      this.#ask("resolve", `${name}:${tag}`);
      const digest = this.tagged.get(`${name}:${tag}`);
      if (digest === undefined) throw new OutsideError("registry/not-found", `There is no ${name}:${tag}.`);
      return digest;
    },
    facts: async (name: string, digest: Digest) => {
      this.#ask("facts", name);
      const facts = this.says.get(digest);
      if (facts === undefined) throw new OutsideError("registry/not-found", `There is no ${name}@${digest}.`);
      return facts;
    },
  };

  readonly charts = {
    versions: async (repository: string, chart: string) => {
      this.#ask("chart", `${repository}/${chart}`);
      const found = this.chartVersions.get(`${repository}/${chart}`);
      if (found === undefined) throw new OutsideError("chart/not-found", `There is no ${chart}.`);
      return found;
    },
  };

  readonly git = {
    list: async (repository: string, what: { tags: true } | { branch: string }) => {
      this.#ask("refs", repository);
      const { tags = [], branches = [] } = this.refs.get(repository) ?? {};
      return "tags" in what ? tags : branches.filter(({ name }) => name === what.branch);
    },
    commit: async (repository: string, sha: string) => {
      this.#ask("commit", repository);
      return this.commits.get(sha);
    },
  };

  readonly releases = {
    list: async (repository: string) => {
      this.#ask("releases", repository);
      return this.released.get(repository) ?? [];
    },
    commit: async (repository: string, _on: string, tag: string) => {
      this.#ask("release", repository);
      return this.commits.get(tag) ?? commitFor(tag);
    },
  };
}

/** A store that grows, and says how often it was written. */
export function growingStore(): ArtifactStore & { artifacts: Artifact[] } {
  const artifacts: Artifact[] = [];
  return {
    ...storeOf(artifacts),
    artifacts,
    async put(artifact) {
      if (artifacts.some(({ id }) => id === artifact.id)) return { kind: "exists", ref: "memory" };
      artifacts.push(artifact);
      return { kind: "stored", ref: "memory" };
    },
  };
}
