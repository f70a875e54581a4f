import { expect, test } from "vitest";
import { violations } from "../schemas.ts";
import { Terminal } from "./terminal.ts";

interface Entry {
  app: string;
  environment: string;
  commit: string | null;
  marks: string[];
  rolledBack: { request: string; to: { version: string }; reason: string } | null;
  removed: { reason: string } | null;
  release: { artifact: { version: string }; kind: string };
}

const glu = `version: 1
environments:
  staging: {}
  production: {}
apps:
  web:
    images: { web: ghcr.io/acme/web }
    write:
      - kustomize: "overlays/{{ env }}"
        image: "{{ images.web.ref }}"
        create: true
      - yaml: "apps/{{ app }}/{{ env }}.yaml"
        set: { image.tag: "{{ images.web.tag }}" }
        create: true
      - yaml: apps/shared.yaml
        set: { "{{ app }}.{{ env }}": "{{ images.web.tag }}" }
        create: true
`;
const kustomization = "# ours\nimages:\n- name: db # theirs\n  newTag: '9'\n";
const files = {
  "glu.yaml": glu,
  "overlays/production/kustomization.yaml": kustomization,
  "overlays/staging/kustomization.yaml": kustomization,
  "apps/shared.yaml": "other: true # by hand\n",
};

async function delivered() {
  const terminal = await Terminal.start(files);
  const one = await terminal.create("1.1.0", "b");
  const { machine } = terminal.delivery;
  const identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"];
  machine.git("-C", machine.workspace, ...identity, "commit", "--quiet", "--allow-empty", "--message", "Add a cart");
  const two = await terminal.create("1.2.0", "c");
  const promote = async (environment: string, artifact: string) => {
    const { exitCode, stderr } = await terminal.json(
      ...["promote", "--app", "web", "--environment", environment, "--artifact", artifact],
    );
    expect(exitCode, stderr).toBe(0);
  };
  const history = async (...more: string[]) => {
    const { exitCode, answer, stderr } = await terminal.json("history", ...more);
    expect(exitCode, stderr).toBe(0);
    expect(violations("history", answer)).toEqual([]);
    return answer.entries as Entry[];
  };
  return { terminal, one, two, promote, history };
}

const told = (entries: readonly Entry[]) =>
  entries.map(({ environment, release, marks }) => [environment, release.artifact.version, ...marks].join(" "));

test("the history of everything tells what a rollback undid, and filters", async () => {
  const { terminal, one, two, promote, history } = await delivered();
  await using _ = terminal;
  await promote("staging", one);
  await promote("staging", two);
  await promote("production", one);
  await terminal.json("rollback", "--app", "web", "--environment", "staging", "--reason", "it loses carts");
  const all = await history();
  expect(told(all)).toEqual([
    "staging 1.1.0 current",
    "production 1.1.0 current",
    "staging 1.2.0 rolled-back",
    "staging 1.1.0",
  ]);
  expect(all[2]?.rolledBack).toMatchObject({ to: { version: "1.1.0" }, reason: "it loses carts" });
  expect(all.every(({ commit }) => /^[0-9a-f]{40}$/.test(commit ?? ""))).toBe(true);
  expect(told(await history("--environment", "production"))).toEqual(["production 1.1.0 current"]);
  expect(told(await history("web", "--kind", "rollback"))).toEqual(["staging 1.1.0 current"]);
  expect(told(await history("web", "staging", "--mark", "rolled-back"))).toEqual(["staging 1.2.0 rolled-back"]);
  expect(await history("--artifact", "1.2.0", "--since", "1h")).toHaveLength(1);
  expect(await history("--actor", "nobody")).toEqual([]);
  expect((await terminal.json("history", "--limit", "1")).answer).toMatchObject({ more: true });
  for (const [flag, value, code] of [
    ["--since", "yesterday", "input/time"],
    ["--since", "2026-11-21T10:00:00", "input/time"],
    ["--kind", "nothing", "input/pattern"],
  ] as const) {
    expect(await terminal.json("history", flag, value)).toMatchObject({ exitCode: 2, answer: { code } });
  }
});

test("two environments, and one then and now, are compared", async () => {
  const { terminal, one, two, promote } = await delivered();
  await using _ = terminal;
  await promote("staging", one);
  await promote("production", one);
  const then = terminal.delivery.tip;
  await promote("staging", two);
  const { answer } = await terminal.json("diff", "staging", "production");
  expect(answer).toMatchObject({
    schema: "glu.diff.v1",
    result: "different",
    apps: [
      {
        app: "web",
        standing: "ahead",
        values: [],
        commits: { known: "history", commits: [{ subject: "Add a cart" }] },
      },
    ],
  });
  expect(await terminal.json("diff", "production", `production@${then}`)).toMatchObject({ answer: { result: "same" } });
  const patch = await terminal.json("diff", `staging@${then.slice(0, 9)}`, "--patch", "--exit-code");
  expect(patch).toMatchObject({ exitCode: 3, answer: { apps: [{ standing: "behind" }] } });
  expect([...violations("diff", answer), ...violations("diff", patch.answer)]).toEqual([]);
  const [app] = patch.answer.apps as { files: { path: string; diff: string }[] }[];
  expect(app?.files.map(({ path }) => path).sort()).toEqual([
    "apps/shared.yaml",
    "apps/web/staging.yaml",
    "overlays/staging/kustomization.yaml",
  ]);
  const text = await terminal.glu("diff", "staging", "production");
  expect([text.exitCode, text.stdout]).toEqual([0, expect.stringMatching(/staging, by 1 commit[\s\S]*Add a cart/)]);
  expect(await terminal.json("diff", "staging@2026-10-25T02:30:00")).toMatchObject({
    exitCode: 2,
    answer: { code: "input/time" },
  });
});

test("what was written for an app is taken out, and nothing else", async () => {
  const { terminal, one, two, promote, history } = await delivered();
  await using _ = terminal;
  const { delivery } = terminal;
  const tree = () => delivery.config.git("ls-tree", "-r", "main", "--", "apps", "overlays", "glu.yaml");
  const before = tree();
  await promote("production", one);
  await promote("production", two);
  await terminal.json("pin", "web", "production", "--reason", "audit");
  expect(await terminal.json("remove", "web", "production")).toMatchObject({
    exitCode: 3,
    answer: { code: "remove/pinned" },
  });
  const { tip } = delivery;
  const plan = await terminal.json(
    "remove",
    "web",
    "production",
    "--plan",
    "--override",
    "pin",
    "--reason",
    "moves away",
  );
  expect([plan.answer.result, delivery.tip]).toEqual(["planned", tip]);
  const request = ["--reason", "moves away", "--override", "pin", "--request-id", "out-1"];
  const removed = await terminal.json("remove", "web", "production", ...request);
  expect(removed).toMatchObject({ exitCode: 0, answer: { schema: "glu.remove.v1", result: "removed" } });
  expect([...violations("remove", plan.answer), ...violations("remove", removed.answer)]).toEqual([]);
  expect([removed.answer.commit, tree()]).toEqual([delivery.tip, before]);
  expect(delivery.config.git("log", "-1", "--format=%(trailers:key=Glu-Kind,valueonly)", "main")).toContain("remove");
  const gone = delivery.tip;
  expect(await terminal.json("remove", "web", "production", ...request)).toMatchObject({
    answer: { result: "removed", repeated: true, commit: gone },
  });
  expect((await terminal.json("remove", "web", "production")).answer.result).toBe("unchanged");
  expect(delivery.tip).toBe(gone);
  expect(told(await history("web", "production"))).toEqual(["production 1.2.0 removed", "production 1.1.0"]);
  expect((await terminal.glu("status")).stdout).not.toContain("1.2.0");
  expect((await terminal.json("drift")).answer).toMatchObject({ result: "clean", findings: [] });
  expect((await terminal.json("drift", "--since", tip)).answer).toMatchObject({ result: "clean", findings: [] });
  expect(await terminal.json("rollback", "--environment", "production")).toMatchObject({
    exitCode: 2,
    answer: { code: "rollback/nothing" },
  });
  expect((await terminal.json("explain", "web", "production")).answer).toMatchObject({ running: null });
  await promote("production", two);
  expect(told(await history("web", "production"))).toEqual([
    "production 1.2.0 current",
    "production 1.2.0 removed",
    "production 1.1.0",
  ]);
  expect((await terminal.json("drift")).answer).toMatchObject({ result: "clean" });
});
