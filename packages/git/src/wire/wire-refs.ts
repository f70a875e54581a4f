import { type RefName, refName, type Sha } from "@glu/core";
import type { Listed } from "../remote/remote.ts";
import type { Connection } from "./protocol/connection.ts";
import { listRefs } from "./protocol/upload-pack.ts";

/** What the refs of one repository point to, asked for together where that is possible. */
export class WireRefs {
  readonly #connection: Connection;
  /** Refs that will be read, and are looked at together with the first. */
  readonly #expected = new Set<RefName>();
  /** What refs pointed to when they were listed with another one; each is believed once. */
  readonly #listed = new Map<RefName, Sha | undefined>();
  /** The branch that HEAD named when it was listed; believed once. */
  #head: RefName | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  expect(refs: readonly RefName[]): void {
    for (const ref of refs) this.#expected.add(ref);
  }

  /** The branch that HEAD names; what it points to is remembered for the first look at its tip. */
  async defaultBranch(): Promise<RefName | undefined> {
    const known = this.#head;
    this.#head = undefined;
    if (known !== undefined) return known;
    const expected = [...this.#expected];
    const { head, refs } = await this.list(expected);
    this.#head = undefined;
    if (head === undefined) return undefined;
    for (const ref of expected) this.#listed.set(ref, refs.get(ref));
    this.#expected.clear();
    return head.ref;
  }

  /** See `Remote.list`. */
  async list(refs: readonly string[]): Promise<Listed> {
    const listed = await listRefs(this.#connection, ["HEAD", ...refs]);
    // A prefix is one of text: `refs/heads/main` begins `refs/heads/maintenance` too.
    const isAsked = (name: string) => refs.some((ref) => (ref.endsWith("/") ? name.startsWith(ref) : name === ref));
    const wanted = listed.filter(({ name }) => isAsked(name));
    // What is gone is not listed.
    this.forget([...this.#listed.keys()].filter(isAsked));
    for (const { name, id } of wanted) this.#listed.set(name as RefName, id);
    const found = new Map(wanted.map(({ name, id }) => [name as RefName, id]));
    const head = listed.find(({ name }) => name === "HEAD");
    if (!head?.target?.startsWith("refs/heads/")) return { head: undefined, refs: found };
    this.#head = refName(head.target);
    this.#listed.set(this.#head, head.id);
    return { head: { ref: this.#head, id: head.id }, refs: found };
  }

  /** What refs point to now, or did when they were listed with another one. */
  async read(refs: readonly RefName[]): Promise<Map<RefName, Sha | undefined>> {
    const unknown = refs.filter((ref) => !this.#listed.has(ref));
    if (unknown.length > 0) {
      const wanted = [...unknown, ...this.#expected];
      this.#expected.clear();
      const ids = new Map((await listRefs(this.#connection, wanted)).map(({ name, id }) => [name, id]));
      for (const one of wanted) this.#listed.set(one, ids.get(one));
    }
    const read = new Map(refs.map((ref) => [ref, this.#listed.get(ref)]));
    for (const ref of refs) this.#listed.delete(ref);
    return read;
  }

  /** They were written to: what was listed of them before says nothing any more. */
  forget(refs: readonly RefName[]): void {
    for (const ref of refs) this.#listed.delete(ref);
  }

  /** What was listed and not read yet. */
  get waiting(): Sha[] {
    return [...this.#listed.values()].filter((id) => id !== undefined);
  }
}
