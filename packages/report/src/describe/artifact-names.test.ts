import { expect, test } from "vitest";
import { artifact, decision, mixed } from "../golden/scenarios.ts";
import { artifactNames } from "./artifact-names.ts";

const web = artifact("web", "1.4.2", 10);
const report = (...made: (typeof web)[]) => ({
  ...mixed,
  decisions: made.map((one) => decision(one, "eu", "held", "x")),
});

test("an artifact that the report knows is called by its version", () => {
  expect(artifactNames(report(web))(`is older than ${web.id}, see ${web.id}.`)).toBe("is older than 1.4.2, see 1.4.2.");
});

test("an id stays when it is unknown, or when its version is that of another artifact too", () => {
  const unknown = "20260101t000000z-0123456789ab";
  expect(artifactNames(report(web))(unknown)).toBe(unknown);
  const twin = { ...artifact("web", "1.4.2", 20), id: "20260101t000000z-aaaaaaaaaaaa" };
  expect(artifactNames(report(web, twin))(twin.id)).toBe(twin.id);
});
