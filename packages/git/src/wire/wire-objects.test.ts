import { randomBytes } from "node:crypto";
import { Agent } from "node:http";
import type { Sha } from "@glu/core";
import { BareFixture, GitServer, type Seed } from "@glu/testing/internal";
import { describe, expect, it } from "vitest";
import { TooLarge } from "../objects/malformed-reply.ts";
import { Connection } from "./protocol/connection.ts";
import { WireObjects } from "./wire-objects.ts";

/** A repository with such files, and what is fetched of it by an agent that is small. */
async function fetching(seed: Seed) {
  const bare = new BareFixture({ seed });
  const server = await GitServer.start(bare.root);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const connection = new Connection({ url: server.url("config.git"), agent, authorization: undefined, userAgent: "x" });
  return {
    server,
    objects: new WireObjects(connection, { answer: 40_000, folder: 15_000, folders: 3, parts: 4 }),
    idOf: (path: string) => bare.git("rev-parse", `main:${path}`) as Sha,
    async [Symbol.asyncDispose]() {
      connection.close();
      await server[Symbol.asyncDispose]();
      bare[Symbol.dispose]();
    },
  };
}

const numbers = [1, 2, 3, 4, 5];
const files = (bytes: number): Seed =>
  Object.fromEntries(numbers.map((number) => [`${number}/file`, randomBytes(bytes)]));

describe("what is fetched", () => {
  it("comes in several answers when it is too much for one", async () => {
    await using at = await fetching(files(12_000));
    const ids = numbers.map((number) => at.idOf(`${number}/file`));
    await at.objects.fetchOnly(ids);
    expect(ids.map((id) => at.objects.get(id, "blob").length)).toEqual(numbers.map(() => 12_000));
    // All, then halves: of three and of two.
    expect(at.server.requests).toHaveLength(3);
  });

  it("is given up when it is too much in as many answers as are taken", async () => {
    await using at = await fetching(files(30_000));
    await at.objects.fetchOnly(numbers.map((number) => at.idOf(`${number}/file`)).slice(0, 4));
    // All four, halves, and each.
    expect(at.server.requests).toHaveLength(7);
    await using more = await fetching(
      Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`${index}`, randomBytes(30_000)])),
    );
    const ids = Array.from({ length: 8 }, (_, index) => more.idOf(`${index}`));
    await expect(more.objects.fetchOnly(ids)).rejects.toThrow(TooLarge);
    expect(more.server.requests).toHaveLength(3);
  });

  it("is given up when a single one is too much", async () => {
    await using at = await fetching({ ...files(100), large: randomBytes(50_000) });
    await expect(at.objects.fetchOnly([at.idOf("large"), at.idOf("1/file")])).rejects.toThrow(TooLarge);
    expect(at.server.requests).toHaveLength(2);
  });

  it("as whole folders comes so many at once", async () => {
    await using at = await fetching(files(9_000));
    const ids = numbers.map((number) => at.idOf(`${number}`));
    expect(await at.objects.fetchWhole(ids)).toBe(true);
    expect(ids.every((id) => at.objects.hasAllBelow(id))).toBe(true);
    expect(at.server.requests).toHaveLength(2);
  });

  it("as whole folders is left once they were larger than expected", async () => {
    await using at = await fetching(files(17_000));
    expect(await at.objects.fetchWhole(numbers.map((number) => at.idOf(`${number}`)))).toBe(false);
    expect(await at.objects.fetchWhole([at.idOf("1")])).toBe(false);
    expect(at.server.requests).toHaveLength(1);
  });

  it("in one turn of the event loop comes by one request", async () => {
    await using at = await fetching(files(1_000));
    const [one, two] = [at.idOf("1"), at.idOf("2")];
    const ask = async (id: Sha) => {
      await Promise.resolve();
      return at.objects.fetchWhole([id]);
    };
    expect(await Promise.all([ask(one), at.objects.fetchWhole([two])])).toEqual([true, true]);
    expect(at.objects.hasAllBelow(one) && at.objects.hasAllBelow(two)).toBe(true);
    expect(at.server.requests).toHaveLength(1);
  });

  it("together with what the server does not have is asked for again by itself", async () => {
    await using at = await fetching(files(1_000));
    const lost = at.objects.fetchWhole(["1".repeat(40) as Sha]);
    const found = at.objects.fetchWhole([at.idOf("1")]);
    await expect(lost).rejects.toThrow();
    expect(await found).toBe(true);
    expect(at.objects.hasAllBelow(at.idOf("1"))).toBe(true);
  });
});
