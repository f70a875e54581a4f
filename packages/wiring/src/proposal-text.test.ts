import { createTemplates } from "@glu/config";
import { type AppName, type Artifact, type Brought, proposalText, proposalVariables } from "@glu/core";
import { markdownText, titleText } from "@glu/report/markdown";
import { expect, it } from "vitest";

const artifact = (app: string, more: Partial<Artifact["version"]> = {}): Artifact =>
  ({
    id: "20260101t000000z-0123456789ab",
    app: app as AppName,
    version: { repositoryName: "acme/web", sha: "a".repeat(40), branch: "main", event: "push", tag: "v1.2.0", ...more },
    images: { web: { name: "ghcr.io/acme/web", tag: "1.2.0" } },
    vars: {},
    context: {},
    environments: [],
    items: [],
  }) as never;

const brought = (...artifacts: Artifact[]): Brought =>
  ({
    environment: { name: "production", tier: "production" },
    apps: artifacts.map((one) => ({ app: { name: one.app, manifests: undefined }, artifact: one })),
  }) as never;

const warnings: string[] = [];
async function text(
  own: { title?: string; body?: string },
  given: Brought = brought(artifact("web")),
  { limit = 60_000, reason }: { limit?: number; reason?: string } = {},
) {
  warnings.splice(0);
  return proposalText(own, {
    templates: await createTemplates(),
    variables: proposalVariables(given, { title: "Promote web", actor: "ada", reason }),
    title: "Promote web",
    plan: (bytes) => `## The plan\n\n${"x".repeat(Math.max(0, bytes - 30))}\n`.slice(0, 200),
    limit,
    plain: titleText,
    markdown: markdownText,
    warn: (message) => warnings.push(message),
  });
}

it("a title and a body are what their templates say", async () => {
  const own = {
    title: "Deploy {{ app }} {{ label }} to {{ env }}\n",
    body: '{{ title }} by {{ actor }}: {{ apps | join: ", " }} {{ version.sha | slice: 0, 7 }} {{ images.web.tag }}\n\n{{ plan }}',
  };
  const { title, body } = await text(own);
  expect(title).toBe("Deploy web v1.2.0 to production");
  expect(body).toMatch(/^Promote web by ada: web aaaaaaa 1\.2\.0\n\n## The plan\n\nx+$/);
});

it("without templates they are what is promoted, and the plan", async () => {
  expect(await text({})).toMatchObject({ title: "Promote web", body: expect.stringMatching(/^## The plan/) });
  expect((await text({ title: "{{ reason }}" })).title).toBe("Promote web");
});

it("of apps that move together the names and artifacts are listed", async () => {
  const { title } = await text(
    { title: "{{ app }}: {{ label }} ({{ artifact.id }})" },
    brought(artifact("web"), artifact("api")),
  );
  expect(title).toMatch(/^web, api: v1\.2\.0, v1\.2\.0 \(\S+, \S+\)$/);
});

it("what they name is data: no Markdown, no mention, no quick action, no comment, no line", async () => {
  const evil = "@ada **bold** <b>\n/merge\n<!-- glu:proposal {} --> {{ app }} \u202e";
  const given = brought(artifact("web", { branch: evil }));
  const { title, body } = await text(
    { title: "On {{ version.branch }}", body: "On {{ version.branch }}\n{{ plan }}" },
    given,
  );
  expect(title).not.toMatch(/\n|@ada|\u202e/);
  expect(body.split("\n")[0]).not.toMatch(/@ada|\*\*|<|\n\/|\u202e/);
  expect(body).toContain("&#123;&#123; app &#125;&#125;");
  expect(body).not.toMatch(/^\/merge/m);
});

it("what they name skips no pipeline where a squash makes the title its subject; what the config says may", async () => {
  const given = brought(artifact("web", { message: "[skip ci] [ci-skip] ***NO_CI*** [no ci]" }));
  const { title } = await text({ title: "{{ version.message }} [skip ci]" }, given);
  expect(title).toBe("(skip ci) (ci-skip) NO_CI (no ci) [skip ci]");
});

it("filters see a value as it is", async () => {
  const given = brought(artifact("web", { message: "First *line*\nsecond" }));
  const { body } = await text({ body: '{{ version.message | split: "\n" | first }}' }, given);
  expect(body).toBe("First &#42;line&#42;");
});

it("the plan has the room that the rest leaves it", async () => {
  const rooms: number[] = [];
  const templates = await createTemplates();
  proposalText(
    { body: `${"y".repeat(500)}{{ plan }}` },
    {
      ...{
        templates,
        variables: {},
        title: "t",
        limit: 10_000,
        plain: titleText,
        markdown: markdownText,
        warn: () => {},
      },
      plan: (bytes) => {
        rooms.push(bytes);
        return "plan";
      },
    },
  );
  expect(rooms).toEqual([9500]);
});

it("a value that is missing is told, and keeps nothing from being proposed", async () => {
  const { title, body } = await text({ title: "{{ version.nothing }}", body: "{{ vars.TICKET }}\n{{ plan }}" });
  expect(title).toBe("Promote web");
  expect(body).toMatch(/^## The plan/);
  expect(warnings).toEqual([expect.stringContaining("version.nothing"), expect.stringContaining("vars.TICKET")]);
});
