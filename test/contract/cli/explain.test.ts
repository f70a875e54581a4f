import { expect, test } from "vitest";
import { violations } from "../schemas.ts";
import { Terminal } from "./terminal.ts";

interface Explained {
  artifact: { id: string };
  environment: string;
  onlyByRequest: string | null;
  passages: { environment: string; state: string }[];
  decision: { result: string; gates: { name: string; met: boolean; code: string | null }[] };
  upstream: Explained[];
}

const unmet = ({ decision }: Explained) => decision.gates.flatMap(({ met, code }) => (met ? [] : [code]));

test("why it is not in production: upstream first, then a freeze, then nothing but a request", async () => {
  await using terminal = await Terminal.start();
  const id = await terminal.create("1.1.0", "b");
  const why = async (...more: string[]) => {
    const { exitCode, answer, stderr } = await terminal.json("explain", "web", "production", ...more);
    expect([exitCode, violations("explanation", answer)], stderr).toEqual([0, []]);
    const [first] = answer.artifacts as Explained[];
    return { ...answer, first: first as Explained };
  };
  const atFirst = await why();
  expect(atFirst).toMatchObject({ result: "held", next: id, newest: id, running: null, left: 0 });
  expect(unmet(atFirst.first)).toEqual(["from/not-eligible"]);
  expect(atFirst.first.upstream).toMatchObject([
    {
      environment: "staging",
      onlyByRequest: 'its event is "manual", and the policy wants push',
      decision: { result: "planned" },
    },
  ]);

  await terminal.json("promote", "--app", "web", "--environment", "staging", "--artifact", id);
  await terminal.json("freeze", "production", "--reason", "holidays", "--until", "2h");
  const { tip } = terminal.delivery;
  const frozen = await why();
  expect(unmet(frozen.first)).toEqual(["freeze/frozen"]);
  expect(frozen).toMatchObject({ result: "held", freeze: { reason: "holidays" } });
  expect(frozen.first.passages).toMatchObject([{ state: "runs" }, { state: "never" }]);
  const text = await terminal.glu("explain", "web", "production");
  expect([text.exitCode, text.stdout]).toEqual([0, expect.stringMatching(/holidays[\s\S]*glu unfreeze production/)]);
  const markdown = await terminal.glu("explain", "web", "production", "-o", "markdown");
  expect(markdown.stdout).toMatch(/^## .*holidays/);
  expect(terminal.delivery.tip).toBe(tip);

  await terminal.json("unfreeze", "production");
  expect(await why()).toMatchObject({ result: "planned", first: { onlyByRequest: expect.stringContaining("policy") } });
  await terminal.json("promote", "--app", "web", "--environment", "production", "--artifact", id);
  expect(await why()).toMatchObject({ result: "unchanged", next: null });
  expect(await why("--artifact", id)).toMatchObject({ result: "unchanged", next: id });
  expect(await terminal.json("explain", "web", "nowhere")).toMatchObject({
    exitCode: 2,
    answer: { code: "config/unknown-environment" },
  });
});

test("a plan tells the source commits that come along, from the working copy", async () => {
  await using terminal = await Terminal.start();
  const { machine } = terminal.delivery;
  const first = await terminal.create("1.1.0", "b");
  await terminal.json("promote", "--app", "web", "--environment", "staging", "--artifact", first);
  const commit = (message: string) =>
    machine.git(
      "-C",
      machine.workspace,
      "-c",
      "user.name=Ada",
      "-c",
      "user.email=ada@example.org",
      "commit",
      "--quiet",
      "--allow-empty",
      "--date=2026-11-01T00:00:00Z",
      "--message",
      message,
    );
  commit("Add a cart\n\nWhy.");
  commit("<b>Mend</b> it @everybody");
  const second = await terminal.create("1.2.0", "c");
  const target = ["plan", "--app", "web", "--environment", "staging", "--artifact", second];
  const { answer } = await terminal.json(...target);
  expect(violations("decision", answer)).toEqual([]);
  const [decision] = answer.decisions as { source: unknown }[];
  expect(decision?.source).toMatchObject({
    known: "history",
    left: 0,
    commits: [
      { subject: "<b>Mend</b> it @everybody", author: "Ada" },
      { subject: "Add a cart", author: "Ada" },
    ],
  });
  const markdown = await terminal.glu(...target, "-o", "markdown");
  expect(markdown.stdout).toContain("Add a cart");
  expect(markdown.stdout).not.toMatch(/<b>Mend|@everybody/);
});

test("the pipeline is drawn as text, JSON, a diagram and a picture", async () => {
  await using terminal = await Terminal.start();
  const graph = (...more: string[]) => terminal.glu("graph", ...more);
  expect((await graph()).stdout).toMatch(/Pipeline: staging → production\n[\s\S]*api, web|web, api/);
  expect((await terminal.json("graph")).answer).toMatchObject({
    schema: "glu.graph.v1",
    environments: [
      { name: "staging", policy: [{ event: ["push"], branch: ["main"] }], apps: ["web", "api"] },
      { name: "production", tier: "production", from: { environments: ["staging"] } },
    ],
    running: null,
  });
  expect((await graph("--output", "mermaid")).stdout).toMatch(/^flowchart LR\n/);
  const svg = await graph("--output", "svg");
  expect([svg.exitCode, svg.stdout]).toEqual([0, expect.stringMatching(/^<\?xml[\s\S]*<\/svg>\n$/)]);
  const id = await terminal.create("1.1.0", "b");
  await terminal.json("promote", "--app", "web", "--environment", "staging", "--artifact", id);
  expect((await graph("--app", "web", "-o", "mermaid")).stdout).toContain("web 1.1.0");
  const wrong = await graph("--app", "wep", "-o", "svg");
  expect([wrong.exitCode, wrong.stdout, wrong.stderr]).toEqual([2, "", expect.stringContaining("config/unknown-app")]);
});
