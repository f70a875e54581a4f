import type { Sha } from "@glu/core";
import { MalformedReply } from "../../objects/malformed-reply.ts";
import { WireUnfit } from "../wire-unfit.ts";
import type { Connection } from "./connection.ts";
import { delimiter, flush, type Packet, packet, readPackets, textOf } from "./pkt-line.ts";
import { refuse } from "./refuse.ts";

/** A ref as the server lists it. */
export interface ListedRef {
  name: string;
  id: Sha;
  /** What a symbolic ref such as `HEAD` points to. */
  target?: string;
}

/** Bytes of an answer that lists refs. */
const refsLimit = 16 << 20;

/**
 * The refs whose names begin so (gitprotocol-v2(5), "ls-refs"). The advertisement of capabilities that Git asks for
 * first is left out: a server that does not speak version 2 shows it by its answer.
 */
export async function listRefs(connection: Connection, prefixes: readonly string[]): Promise<ListedRef[]> {
  const body = command("ls-refs", ["symrefs", ...prefixes.map((prefix) => `ref-prefix ${prefix}`)]);
  const refs: ListedRef[] = [];
  for (const one of readPackets(await post(connection, body, refsLimit))) {
    if (one === "flush") return refs;
    if (typeof one === "string") throw new MalformedReply("It lists something that is no ref.");
    const [, id, name, attributes] = /^([0-9a-f]{40}|unborn) (\S+)((?: \S+)*)$/.exec(textOf(one)) ?? [];
    if (id === undefined || name === undefined) throw new MalformedReply("It lists something that is no ref.");
    const target = / symref-target:(\S+)/.exec(attributes ?? "")?.[1];
    if (id !== "unborn") refs.push({ name, id: id as Sha, ...(target === undefined ? {} : { target }) });
  }
  throw new MalformedReply("Its list of refs has no end.");
}

export interface FetchRequest {
  wants: readonly Sha[];
  /** Commits that are here, with their trees as far as those were read. */
  haves?: readonly Sha[];
  /** Which objects are left out (git-rev-list(1), `--filter`); none: everything that the wants reach comes. */
  filter?: string;
  /** So many commits from each want; all when it is left out. */
  depth?: number;
  /** Bytes of the answer after which it is given up. */
  limit: number;
}

/** The pack that a fetch answers with (gitprotocol-v2(5), "fetch"). */
export async function fetchPack(connection: Connection, request: FetchRequest): Promise<Buffer> {
  const { wants, haves = [], filter, depth, limit } = request;
  const body = command("fetch", [
    "thin-pack",
    "no-progress",
    "ofs-delta",
    ...(filter === undefined ? [] : [`filter ${filter}`]),
    ...(depth === undefined ? [] : [`deepen ${depth}`]),
    ...wants.map((id) => `want ${id}`),
    // Their parents are not here.
    ...haves.flatMap((id) => [`shallow ${id}`, `have ${id}`]),
    "done",
  ]);
  return packOf(readPackets(await post(connection, body, limit)));
}

/**
 * The sections of the answer, by name: which come depends on the request and the server. The pack comes in the first
 * band of its section; the third is an error.
 */
function packOf(packets: Iterable<Packet>): Buffer {
  const pack: Buffer[] = [];
  let section: string | undefined;
  for (const one of packets) {
    if (one === "flush" || one === "response-end") break;
    if (one === "delimiter") section = undefined;
    else if (section === undefined) section = textOf(one);
    else if (section === "packfile") {
      const band = one[0];
      if (band === 1) pack.push(one.subarray(1));
      else if (band === 3) throw new WireUnfit(`The server could not make the pack: ${textOf(one.subarray(1))}`);
      else if (band !== 2) throw new MalformedReply(`It has a band ${band}.`);
    }
    if (section?.startsWith("ERR ")) throw new WireUnfit(`The server says: ${section.slice(4)}`);
  }
  if (pack.length === 0) throw new MalformedReply("It holds no pack.");
  return Buffer.concat(pack);
}

function command(name: string, lines: readonly string[]): Buffer {
  const head = [`command=${name}\n`, "object-format=sha1\n"].map(packet).join("");
  return Buffer.from(`${head}${delimiter}${lines.map((line) => packet(`${line}\n`)).join("")}${flush}`);
}

async function post(connection: Connection, body: Buffer, limit: number): Promise<Buffer> {
  const answer = await connection.ask({
    method: "POST",
    path: "/git-upload-pack",
    headers: {
      "git-protocol": "version=2",
      "content-type": "application/x-git-upload-pack-request",
      accept: "application/x-git-upload-pack-result",
    },
    body,
    limit,
    again: true,
  });
  refuse(answer, "application/x-git-upload-pack-result");
  // Git gives up so when it is asked what it does not know: a filter, a format of ids, version 2.
  if (answer.body.length === 0) throw new WireUnfit("The server gave an empty answer.");
  // An error may stand where the answer would begin; a server of the old protocol calls the request one.
  const words = /^[0-9a-f]{4}ERR (.*)/.exec(answer.body.toString("utf8", 0, 1000))?.[1];
  if (words !== undefined) throw new WireUnfit(`The server says: ${words}`);
  return answer.body;
}
