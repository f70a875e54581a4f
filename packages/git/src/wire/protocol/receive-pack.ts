import type { Sha } from "@glu/core";
import { MalformedReply } from "../../objects/malformed-reply.ts";
import type { Connection } from "./connection.ts";
import { flush, packet, readPackets, textOf } from "./pkt-line.ts";
import { HttpRefusal, refuse } from "./refuse.ts";

export interface Push {
  ref: string;
  /** What the ref must point to; undefined: it must not exist. */
  old: Sha | undefined;
  /** What it is to point to; undefined: it is removed. */
  new: Sha | undefined;
  /** Other refs that move with it; what becomes of them is not told. */
  others?: readonly Omit<Push, "others" | "pack">[];
  pack: Buffer;
}

/** What the server says of a push. Whether the ref has moved is known by reading it, not from these words. */
export interface PushReport {
  ok: boolean;
  /** Why not, in the server's words. */
  reason: string | undefined;
  /** What its hooks printed, as Git shows it: each line after `remote: `. */
  stderr: string;
}

const zero = "0".repeat(40);
const answerLimit = 4 << 20;

/**
 * Moves a ref as a compare-and-swap: the server does it only while the ref still points to `old`
 * (gitprotocol-pack(5), "Pushing Data To a Server"). Git asks for an advertisement of all refs first; it is left out,
 * and asked for only by a server that refuses a push without.
 * @throws HttpRefusal, MalformedReply
 */
export async function pushPack(connection: Connection, push: Push): Promise<PushReport> {
  const capabilities = "report-status side-band-64k object-format=sha1";
  const move = (one: Omit<Push, "others" | "pack">) => `${one.old ?? zero} ${one.new ?? zero} ${one.ref}`;
  const others = (push.others ?? []).map((one) => packet(`${move(one)}\n`)).join("");
  const commands = `${packet(`${move(push)}\0 ${capabilities}\n`)}${others}${flush}`;
  // "The pack-file MUST NOT be sent if the only command used is delete."
  const hasPack = [push, ...(push.others ?? [])].some((one) => one.new !== undefined);
  const body = Buffer.concat([Buffer.from(commands), ...(hasPack ? [push.pack] : [])]);
  try {
    return readReport(await post(connection, body), push.ref);
  } catch (error) {
    // No such request to begin with: nothing was taken in.
    if (!(error instanceof HttpRefusal) || ![400, 405, 409, 415, 422].includes(error.answer.status)) throw error;
    await advertise(connection);
    return readReport(await post(connection, body), push.ref);
  }
}

async function advertise(connection: Connection): Promise<void> {
  const answer = await connection.ask({
    method: "GET",
    path: "/info/refs?service=git-receive-pack",
    headers: {},
    limit: 64 << 20,
    again: true,
  });
  refuse(answer, "application/x-git-receive-pack-advertisement");
}

async function post(connection: Connection, body: Buffer): Promise<Buffer> {
  const answer = await connection.ask({
    method: "POST",
    path: "/git-receive-pack",
    headers: {
      "content-type": "application/x-git-receive-pack-request",
      accept: "application/x-git-receive-pack-result",
    },
    body,
    limit: answerLimit,
    // It may have been taken in: whoever asked reads the ref.
    again: false,
  });
  if (answer.status !== 200) throw new HttpRefusal(answer);
  // From whom it is, is not known; nor whether the push was taken in before.
  if (answer.contentType !== "application/x-git-receive-pack-result") {
    throw new MalformedReply(`A push was answered with ${JSON.stringify(answer.contentType)}.`);
  }
  return answer.body;
}

/** "Report Status" in its band, beside what hooks print. A server that ignores bands sends the report as it is. */
function readReport(answer: Buffer, ref: string): PushReport {
  const report: Buffer[] = [];
  const words: Buffer[] = [];
  const bare: string[] = [];
  for (const one of readPackets(answer)) {
    if (typeof one === "string") continue;
    if (one[0] === 1) report.push(one.subarray(1));
    else if (one[0] === 2 || one[0] === 3) words.push(one.subarray(1));
    else bare.push(textOf(one));
  }
  const lines = [...bare];
  for (const one of readPackets(Buffer.concat(report))) if (typeof one !== "string") lines.push(textOf(one));
  const stderr = Buffer.concat(words)
    .toString("utf8")
    .split(/\r?\n/)
    .filter((line) => line !== "")
    .map((line) => `remote: ${line}`)
    .join("\n");
  const unpacked = lines.find((line) => line.startsWith("unpack "))?.slice("unpack ".length);
  if (lines.includes(`ok ${ref}`) && unpacked === "ok") return { ok: true, reason: undefined, stderr };
  const refused = lines.find((line) => line.startsWith(`ng ${ref} `))?.slice(`ng ${ref} `.length);
  const reason = refused ?? (unpacked === "ok" ? undefined : unpacked);
  if (reason === undefined && stderr === "") throw new MalformedReply("It does not say what became of the push.");
  return { ok: false, reason, stderr };
}
