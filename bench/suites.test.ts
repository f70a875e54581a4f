import { expect, it } from "vitest";
import { measureDownloads } from "./suites/download.ts";
import { measureStarts } from "./suites/start.ts";
import { measureYaml } from "./suites/yaml.ts";

// That they run at all, each once and small: what is timed is not looked at. costs.test.ts counts the others.
it("every start that is measured reaches its end or the wire", { timeout: 120_000 }, async () => {
  const rows = await measureStarts(1);
  expect(rows.map(({ what }) => what)).toEqual(
    expect.arrayContaining(["glu version", "glu promote", "action promote", "action build-artifact"]),
  );
});

it("every action and the components have a download, of less than 0.9 MB", { timeout: 60_000 }, () => {
  for (const { what, download } of measureDownloads()) {
    expect(download, what).toBeGreaterThan(100_000);
    expect(download, what).toBeLessThan(900_000);
  }
});

it("an edit of YAML is measured on a file of the size that it says", () => {
  expect(measureYaml([10_000], 1)).toHaveLength(1);
});
