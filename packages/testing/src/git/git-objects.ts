import { rmSync } from "node:fs";
import { plainGitEnvironment, readRefs } from "./bare-fixture.ts";
import { processHost } from "./process-host.ts";

export type GitObject =
  | { type: "commit"; id: string; tree: string; parents: string[]; message: string; author: Person; committer: Person }
  | { type: "tree"; id: string; entries: { mode: number; name: string; id: string }[] }
  | { type: "blob"; id: string; content: Buffer }
  | { type: "tag"; id: string; target: string };

interface Person {
  name: string;
  email: string;
  /** In seconds. */
  at: number;
}

/** The objects of a bare repository, byte for byte. */
export class GitObjects {
  readonly #path: string;
  readonly #known = new Map<string, GitObject>();

  constructor(path: string) {
    this.#path = path;
  }

  /** Runs git there on some input. @throws Error with what it said */
  run(args: readonly string[], input: string | Uint8Array = "", env: Record<string, string> = {}): Buffer {
    const { status, stdout, stderr } = processHost().runSync({
      program: "git",
      args,
      cwd: this.#path,
      env: { ...plainGitEnvironment, ...env },
      input,
    });
    if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
    return stdout;
  }

  /** An object by a revision expression, such as `main:apps/web`; undefined where there is none. */
  find(expression: string): GitObject | undefined {
    const colon = expression.indexOf(":");
    const root = this.#read(colon < 0 ? expression : expression.slice(0, colon));
    return colon < 0 ? root : this.#below(root, expression.slice(colon + 1));
  }

  #below(root: GitObject | undefined, path: string): GitObject | undefined {
    let at = root?.type === "commit" ? this.find(root.tree) : root;
    for (const name of path.split("/").filter(Boolean)) {
      const entry = at?.type === "tree" ? at.entries.find((one) => one.name === name) : undefined;
      at = entry === undefined || entry.mode >> 12 === 0o16 ? undefined : this.find(entry.id);
    }
    return at;
  }

  #read(revision: string): GitObject | undefined {
    const id = /^[0-9a-f]{40}$/.test(revision) ? revision : this.#idOf(revision);
    if (id === undefined) return undefined;
    if (!this.#known.has(id)) this.#readAll();
    return this.#known.get(id);
  }

  #idOf(revision: string): string | undefined {
    if (revision.includes("\n")) return undefined;
    const refs = readRefs(this.#path);
    const known = refs.get(revision) ?? refs.get(`refs/heads/${revision}`);
    // Of two that are named alike Git takes the tag.
    if (known !== undefined && !refs.has(`refs/tags/${revision}`)) return known;
    const [id = "", type] = this.run(["cat-file", "--batch-check"], `${revision}\n`).toString().trim().split(" ");
    // What is missing it names as it was asked for.
    return type !== "missing" && /^[0-9a-f]{40}$/.test(id) ? id : undefined;
  }

  /** All at once: a process for each object would be what a test waits for. */
  #readAll(): void {
    const answer = this.run(["cat-file", "--batch", "--batch-all-objects", "--unordered"]);
    for (let at = 0; at < answer.length; ) {
      const end = answer.indexOf("\n", at);
      const [id = "", type = "", size = "0"] = answer.toString("utf8", at, end).split(" ");
      if (!this.#known.has(id)) this.#known.set(id, parse(id, type, answer.subarray(end + 1, end + 1 + Number(size))));
      at = end + 1 + Number(size) + 1;
    }
  }

  /** Writes files into a tree. `undefined` deletes. @returns the new tree */
  treeWith(base: string | undefined, files: readonly { path: string; mode: string; id: string | undefined }[]): string {
    const env = { GIT_INDEX_FILE: `${this.#path}/index-${process.pid}-${Math.random()}` };
    this.run(base === undefined ? ["read-tree", "--empty"] : ["read-tree", base], "", env);
    const lines = files.map(({ path, mode, id }) =>
      id === undefined ? `0 ${"0".repeat(40)}\t${path}\0` : `${mode} ${id}\t${path}\0`,
    );
    this.run(["update-index", "-z", "--index-info"], lines.join(""), env);
    const tree = this.run(["write-tree"], "", env).toString().trim();
    rmSync(env.GIT_INDEX_FILE, { force: true });
    return tree;
  }

  blob(content: Uint8Array): string {
    const id = this.run(["hash-object", "-w", "--stdin"], content).toString().trim();
    this.#known.set(id, { type: "blob", id, content: Buffer.from(content) });
    return id;
  }

  /** A commit as GitHub makes it: of the token's owner, committed by GitHub, the message as it is given. */
  commit(tree: string, parents: readonly string[], message: string, author: Omit<Person, "at">): string {
    const args = ["commit-tree", tree, ...parents.flatMap((parent) => ["-p", parent]), "-F", "-"];
    return this.run(args, message, {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_COMMITTER_NAME: "GitHub",
      GIT_COMMITTER_EMAIL: "noreply@github.com",
    })
      .toString()
      .trim();
  }
}

function parse(id: string, type: string, content: Buffer): GitObject {
  if (type === "blob") return { type, id, content: Buffer.from(content) };
  if (type === "tree") return { type, id, entries: entriesOf(content) };
  const text = content.toString("utf8");
  const gap = text.indexOf("\n\n");
  const lines = text.slice(0, gap).split("\n");
  const all = (key: string) =>
    lines.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  if (type === "tag") return { type, id, target: all("object")[0] ?? "" };
  const person = (key: string): Person => {
    const found = /^(.*) <(.*)> (\d+) \S+$/.exec(all(key)[0] ?? "");
    return { name: found?.[1] ?? "", email: found?.[2] ?? "", at: Number(found?.[3] ?? 0) };
  };
  return {
    type: "commit",
    id,
    tree: all("tree")[0] ?? "",
    parents: all("parent"),
    message: text.slice(gap + 2),
    author: person("author"),
    committer: person("committer"),
  };
}

function entriesOf(content: Buffer): { mode: number; name: string; id: string }[] {
  const entries = [];
  for (let start = 0; start < content.length; ) {
    const space = content.indexOf(0x20, start);
    const nul = content.indexOf(0, space);
    entries.push({
      mode: Number.parseInt(content.toString("latin1", start, space), 8),
      name: content.toString("utf8", space + 1, nul),
      id: content.toString("hex", nul + 1, nul + 21),
    });
    start = nul + 21;
  }
  return entries;
}
