import {
  type App,
  type ConfigRepository,
  type Environment,
  emptyRecord,
  encodeDocument,
  OutsideError,
  type Pipeline,
  pinPath,
  recordPath,
  timestamp,
  withRelease,
} from "@glu/core";
import { artifactForTest, MemoryRepository, type Seed } from "@glu/testing/internal";
import { expect, it } from "vitest";
import { namedByRecords } from "./named-by-records.ts";

const app = { name: "web", environments: ["staging", "production"] } as unknown as App;
const actor = { name: "ada", verified: true };
const at = timestamp(0);

function recordOf(environment: "staging" | "production", ...numbers: number[]): Seed {
  const released = numbers.map((number) => ({
    request: "r",
    kind: "promotion" as const,
    artifact: artifactForTest(number),
    decidedOn: "0".repeat(40),
    actor,
    decidedAt: at,
    releasedAt: at,
    state: "committed" as const,
    writes: [],
    superseded: [],
  }));
  const record = released.reduce(withRelease, emptyRecord("web" as never, environment as never));
  return { [recordPath("web" as never, environment as never)]: encodeDocument(record) };
}

const ids = (...numbers: number[]) => numbers.map((number) => artifactForTest(number).id).sort();

async function named(own: Seed, elsewhere: MemoryRepository) {
  const repository = new MemoryRepository({ seed: { README: "", ...own } }).open();
  const live = elsewhere.open();
  const pipeline = {
    environments: new Map([
      ["staging", { name: "staging" }],
      ["production", { name: "production", repository: "acme/live" }],
    ]),
  } as unknown as Pipeline;
  const notices: string[] = [];
  const log = () => {};
  const found = await namedByRecords(app, {
    pipeline,
    connection: {
      repository,
      repositoryOf: (environment: Environment): ConfigRepository => (environment.repository ? live : repository),
    },
    tip: await repository.open(),
    logger: { debug: log, progress: log, info: log, warning: log, notice: (text) => void notices.push(text) },
  });
  return { found: found?.sort(), notices };
}

it("what records and pins name is found in every repository that the app's environments live in", async () => {
  const pin = encodeDocument({
    schema: "glu.pin.v1",
    app: "web",
    environment: "production",
    artifact: artifactForTest(9).id,
    reason: "r",
    actor,
    at,
    request: "r",
  });
  const live = new MemoryRepository({
    seed: { ...recordOf("production", 1), [pinPath("web" as never, "production" as never)]: pin },
  });
  expect(await named(recordOf("staging", 2, 3), live)).toEqual({ found: ids(1, 2, 3, 9), notices: [] });
});

it("it is not known, and a notice says why, when one of them cannot be read", async () => {
  const live = new MemoryRepository({ seed: recordOf("production", 1), location: "memory:live" });
  live.failWith(new OutsideError("repository/unreachable", "It is down.", { fix: "Wait." }));
  const { found, notices } = await named(recordOf("staging", 2), live);
  expect(found).toBeUndefined();
  expect(notices).toEqual([expect.stringMatching(/memory:live.*It is down/)]);
});
