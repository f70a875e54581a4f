import { BareFixture, RegistryServer } from "@glu/testing/internal";
import { expect, test } from "vitest";
import { Machine } from "../../product/glu-process.ts";
import { previewFiles } from "../../product/pull-event.ts";

test("an image that the registry does not have is refused before anything is written; one by its tag is taken by its digest", async () => {
  await using registry = await RegistryServer.start();
  using machine = new Machine();
  const template = `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\ndata: { image: "{{ images.web.ref }}" }\n`;
  using config = new BareFixture({ seed: { ...previewFiles, "preview-templates/web/web.yaml": template } });
  const digest = registry.push("acme/web", "pr-7");
  const up = async (image: string) => {
    const args = ["preview", "up", "web", "7", "--sha", "a".repeat(40), "--image", `web=${image}`];
    const ended = await machine.glu([...args, "--config-repository", config.path, "-o", "json"], {});
    return { code: ended.code, answer: JSON.parse(ended.stdout) as Record<string, unknown> };
  };
  const before = config.git("rev-parse", "main");
  const absent = `${registry.host}/acme/web@sha256:${"0".repeat(64)}`;
  expect(await up(absent)).toMatchObject({ code: 4, answer: { code: "preview/no-image" } });
  expect(await up(`${registry.host}/acme/web:pr-8`)).toMatchObject({ code: 4 });
  expect(config.git("rev-parse", "main")).toBe(before);
  expect(await up(`${registry.host}/acme/web:pr-7`)).toMatchObject({ code: 0, answer: { result: "created" } });
  const written = config.git("cat-file", "blob", "main:previews/web/pr-7/web.yaml");
  expect(written).toContain(`${registry.host}/acme/web@${digest}`);
}, 120_000);
