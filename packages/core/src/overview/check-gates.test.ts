import { expect, it } from "vitest";
import { configurableGates } from "../gates/gates.ts";
import { environment, pipelineOf } from "../test-kit/memory.ts";
import { checkGates } from "./check-gates.ts";

const check = (...paths: string[]) => {
  const json = paths.map((path) => ({ path, exists: true }));
  const gates = [
    { name: "soak", options: "1h" },
    { name: "http", options: { url: "https://status.test/", json } },
  ];
  return checkGates(
    pipelineOf(["web"], [environment("staging"), environment("production", { gates })]),
    configurableGates,
  );
};

it("a JSON path that is none is found before anything is promoted, with its place", async () => {
  await expect(check("$.a", "$.checks[")).rejects.toMatchObject({
    code: "config/gate",
    message: expect.stringMatching(/^environments\.production\.gates\[1\]\.http: "\$\.checks\[" is no JSON path: /),
    at: { file: "glu.yaml" },
  });
});

it.each(["$", "$.a.b[0]", "$..ok", "$.a[?@.state != 'ok']", "$['a b'][*]"])("%s is a JSON path", async (path) => {
  await expect(check(path)).resolves.toBeUndefined();
});
