import { Agent, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { GluError, type RefName, type RepoPath, type Sha } from "@glu/core";
import { BareFixture, GitServer, plainGitEnvironment, realClock } from "@glu/testing/internal";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MalformedReply } from "../objects/malformed-reply.ts";
import { objectId } from "./pack/object.ts";
import { writePack } from "./pack/write-pack.ts";
import { Connection } from "./protocol/connection.ts";
import { packet } from "./protocol/pkt-line.ts";
import { pushPack } from "./protocol/receive-pack.ts";
import { WireRemote } from "./wire-remote.ts";
import { WireUnfit } from "./wire-unfit.ts";

const main = "refs/heads/main" as RefName;
const file = "apps/web/values.yaml" as RepoPath;
const seed = { [file]: "image: a\n", "apps/api/values.yaml": "image: b\n", other: "o\n".repeat(200) };

async function wireTo(server: GitServer): Promise<WireRemote> {
  const url = server.url("config.git");
  const options = { location: url, url, env: plainGitEnvironment, temp: "/nonexistent", clock: realClock };
  return WireRemote.open({ ...options, memory: { shallowFilters: new Set() } });
}

/** Reads, commits, and tells what came of it. */
async function use(remote: WireRemote): Promise<{ read: string | undefined; commit: Sha | undefined }> {
  const tip = await remote.fetchTip(main);
  if (tip === undefined) return { read: undefined, commit: undefined };
  const read = (await remote.read(tip.tree, [file], main)).get(file)?.content;
  const files = [{ path: file, content: Buffer.from("image: new\n"), executable: false }];
  const commit = await remote.commit(main, { parent: tip.commit, message: "Change\n", files });
  return { read: read === undefined ? undefined : Buffer.from(read).toString("utf8"), commit };
}

const tampering = fc.record({
  /** Which answer, counted from the first. */
  answer: fc.nat(5),
  change: fc.oneof(
    fc.record({ kind: fc.constant("cut" as const), at: fc.nat(3000) }),
    fc.record({ kind: fc.constant("flip" as const), at: fc.nat(3000), by: fc.integer({ min: 1, max: 255 }) }),
    fc.record({ kind: fc.constant("insert" as const), at: fc.nat(3000), bytes: fc.uint8Array({ maxLength: 40 }) }),
    fc.record({ kind: fc.constant("replace" as const), bytes: fc.uint8Array({ maxLength: 300 }) }),
    fc.record({ kind: fc.constant("repeat" as const), times: fc.integer({ min: 2, max: 4 }) }),
  ),
});

type Tampering = typeof tampering extends fc.Arbitrary<infer One> ? One : never;

function tamper(answer: Buffer, { change }: Tampering): Buffer {
  const at = "at" in change ? change.at % Math.max(1, answer.length) : 0;
  switch (change.kind) {
    case "cut":
      return answer.subarray(0, at);
    case "flip": {
      const other = Buffer.from(answer);
      if (other.length > 0) other[at] = (other[at] ?? 0) ^ change.by;
      return other;
    }
    case "insert":
      return Buffer.concat([answer.subarray(0, at), change.bytes, answer.subarray(at)]);
    case "replace":
      return Buffer.from(change.bytes);
    case "repeat":
      return Buffer.concat(Array.from({ length: change.times }, () => answer));
  }
}

describe("a server whose answers are damaged anywhere", () => {
  it("gets a coded error or the truth, never a wrong commit", { timeout: 300_000 }, async () => {
    using bare = new BareFixture({ seed });
    const start = bare.git("rev-parse", "main");
    await using server = await GitServer.start(bare.root);
    await fc.assert(
      fc.asyncProperty(tampering, async (how) => {
        bare.git("update-ref", main, start);
        let answers = 0;
        server.behaviour.tamper = (answer) => (answers++ === how.answer ? tamper(answer, how) : answer);
        await using remote = await wireTo(server);
        let made: Sha | undefined;
        try {
          const done = await use(remote);
          // A list of refs that was changed may say that there is no such branch.
          expect([undefined, "image: a\n"]).toContain(done.read);
          made = done.commit;
        } catch (error) {
          expect(error instanceof GluError || error instanceof WireUnfit, String(error)).toBe(true);
        }
        const now = bare.git("rev-parse", "main");
        // Whether it was made is read from the branch; what is there is the whole change and nothing else.
        if (made !== undefined) expect(now).toBe(made);
        if (now === start) return;
        expect(bare.git("rev-parse", "main~1")).toBe(start);
        expect(bare.git("diff", "--name-only", start, now)).toBe(file);
        expect(bare.git("show", `main:${file}`)).toBe("image: new");
      }),
      { numRuns: 120 },
    );
    server.behaviour.tamper = undefined;
    expect(bare.git("fsck", "--strict", "--no-dangling")).toBe("");
  });

  it("that sends another object than was asked for is not believed", async () => {
    using bare = new BareFixture({ seed });
    await using server = await GitServer.start(bare.root);
    const evil = { type: "blob", content: Buffer.from("image: evil\n") } as const;
    const asked = bare.git("rev-parse", `main:${file}`);
    server.behaviour.tamper = (answer, { url }) => {
      const isPack = url.endsWith("/git-upload-pack") && answer.includes("packfile");
      if (!isPack || answer.includes("commit")) return answer;
      const pack = writePack([{ object: evil }]);
      const band = Buffer.concat([Buffer.from([1]), pack]);
      const length = (band.length + 4).toString(16).padStart(4, "0");
      return Buffer.concat([Buffer.from(`${packet("packfile\n")}${length}`), band, Buffer.from("0000")]);
    };
    await using remote = await wireTo(server);
    await expect(use(remote)).rejects.toThrow(/did not send|did not hold/);
    expect(objectId(evil)).not.toBe(asked);
    expect(bare.git("rev-list", "--count", "main")).toBe("1");
  });

  it("that lists a commit it does not have, or none, is told by code", async () => {
    using bare = new BareFixture({ seed });
    await using server = await GitServer.start(bare.root);
    for (const line of [`${"1".repeat(40)} ${main}\n`, "no ref at all\n", `${"z".repeat(40)} ${main}\n`]) {
      server.behaviour.tamper = (answer, { url }) =>
        url.endsWith("/git-upload-pack") && answer.includes(" refs/heads/")
          ? Buffer.from(`${packet(line)}0000`)
          : answer;
      await using remote = await wireTo(server);
      const error = await remote.fetchTip(main).catch((thrown: unknown) => thrown);
      expect(error instanceof GluError || error instanceof WireUnfit, String(error)).toBe(true);
    }
  });
});

describe("a connection", () => {
  /** A server that answers each request as told. */
  async function serve(answer: Parameters<typeof createServer>[1]) {
    const server = createServer(answer as never);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const connection = new Connection({
      url,
      agent,
      authorization: undefined,
      userAgent: "x",
      idle: 200,
      deadline: 1500,
    });
    return {
      connection,
      async [Symbol.asyncDispose]() {
        connection.close();
        server.closeAllConnections();
        await new Promise<void>((resolve) => server.close(() => resolve()));
      },
    };
  }
  const ask = { method: "GET", path: "/", headers: {}, limit: 100_000, again: true } as const;

  it("gives up a server that says nothing, one that stops within an answer, and one that never ends", async () => {
    await using silent = await serve(() => {});
    await expect(silent.connection.ask(ask)).rejects.toMatchObject({ code: "repository/unreachable", transient: true });
    await using stuck = await serve((_request, response) => void response.write("x"));
    await expect(stuck.connection.ask(ask)).rejects.toMatchObject({ code: "repository/unreachable" });
    const timers: NodeJS.Timeout[] = [];
    await using drip = await serve((_request, response) => {
      timers.push(setInterval(() => response.write("x"), 20));
    });
    await expect(drip.connection.ask(ask)).rejects.toMatchObject({ code: "repository/unreachable" });
    for (const timer of timers) clearInterval(timer);
  });

  it("takes no more than the limit, also of what is compressed small", async () => {
    const { gzipSync } = await import("node:zlib");
    const bomb = gzipSync(Buffer.alloc(50 << 20));
    await using plain = await serve((_request, response) => {
      const more = () => {
        while (response.write(Buffer.alloc(50_000)));
      };
      response.on("drain", more);
      more();
    });
    await expect(plain.connection.ask(ask)).rejects.toThrow(MalformedReply);
    await using zipped = await serve((_request, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(bomb);
    });
    await expect(zipped.connection.ask(ask)).rejects.toThrow(/larger than/);
  });

  it("tells an answer that breaks off, and gzip that is none", async () => {
    await using broken = await serve((_request, response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write("x", () => response.destroy());
    });
    await expect(broken.connection.ask(ask)).rejects.toThrow();
    await using wrong = await serve((_request, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end("no gzip");
    });
    await expect(wrong.connection.ask(ask)).rejects.toThrow(/gzip/);
  });

  it("that answers a push with a page of its own leaves open what became of it, whatever its status says", async () => {
    const push = { ref: main, old: undefined, new: "1".repeat(40) as Sha, pack: Buffer.from("PACK") };
    await using portal = await serve((_request, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end("<h1>Please log in</h1>");
    });
    // Not WireUnfit, which says that nothing was written: the push may have been taken in on the way.
    await expect(pushPack(portal.connection, push)).rejects.toThrow(MalformedReply);
  });

  it("asks again when a kept connection was closed meanwhile, if that is safe", async () => {
    let requests = 0;
    await using closing = await serve((request, response) => {
      requests += 1;
      // The second request finds the connection closed under it.
      if (requests === 2) request.socket.destroy();
      else response.end("fine");
    });
    expect((await closing.connection.ask(ask)).body.toString()).toBe("fine");
    expect((await closing.connection.ask(ask)).body.toString()).toBe("fine");
    expect(requests).toBe(3);
    requests = 1;
    await expect(closing.connection.ask({ ...ask, again: false })).rejects.toMatchObject({
      code: "repository/unreachable",
    });
    expect(requests).toBe(2);
  });
});
