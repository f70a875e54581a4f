import { kustomizations, manifests } from "@glu/editors";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { leadsTo } from "../../packages/core/src/preview/template/kustomization.ts";
import { folderOf, relativePath, resolvePath } from "../../packages/core/src/preview/template/paths.ts";
import { bytes, filesOf, templateOf, text, upIn, worldOf } from "./world.ts";

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}[a-z0-9]$/);
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => `${parts.join("/")}.yaml`);
const kind = fc.constantFrom("Deployment", "Service", "ConfigMap", "Secret");
const expression = fc.constantFrom(
  ...[
    "{{ preview.namespace }}",
    "{{ preview.host }}",
    "{{ pull.branch }}",
    "{{ pull.author }}",
    "{{ images.web.ref }}",
  ],
);
const object = fc
  .tuple(kind, name, expression, fc.constantFrom("", ", namespace: '{{ preview.namespace }}'"))
  .map(
    ([of, called, value, at]) =>
      `apiVersion: v1\nkind: ${of}\nmetadata: { name: '${called}'${at} }\ndata: { value: "${value}" }\n`,
  );
const files = fc.dictionary(
  path,
  fc.array(object, { minLength: 1, maxLength: 3 }).map((all) => all.join("---\n")),
  {
    ...{ minKeys: 1, maxKeys: 5 },
  },
);
/** What somebody who opens a pull request may write. */
const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 80 }),
  fc.constantFrom("x\nkind: Secret", "{{ preview.host }}", "../../..", "a: b", "$(id)", "&a *a", "'\"", "#", "---\n"),
);

const entriesOf = (written: Readonly<Record<string, string | undefined>>) =>
  Object.entries(written).map(([at, content]) => [at, content ?? ""] as const);

describe("any template", () => {
  it("is written below the preview's folder, always the same, with every object in the namespace", async () => {
    await fc.assert(
      fc.asyncProperty(files, hostile, hostile, async (template, branch, pullAuthor) => {
        const request = { branch, pullAuthor };
        const pull = { branch, author: pullAuthor };
        const up = async () => {
          const world = await worldOf(templateOf(template));
          world.pulls.set(7, pull);
          return { world, ...(await upIn(world, {}, request)) };
        };
        const [one, two] = [await up(), await up()];
        expect(two.files).toEqual(one.files);
        expect(two.preview?.template).toEqual(one.preview?.template);
        const written = [...(one.world.repository.commits.at(-1)?.files.keys() ?? [])];
        const own = /^previews\/web\/pr-7\/[a-z0-9/.-]+$|^\.glu\/_previews\/web\/pr-7\.json$|^README\.md$/;
        for (const at of written) {
          expect(at).toMatch(own);
          expect(at.split("/")).not.toContain("..");
        }
        for (const [at, content] of entriesOf(one.files)) {
          for (const { kind: of, namespace, name: called } of manifests.objectsIn(at, bytes(content))) {
            expect(of === "Namespace" ? called : (namespace ?? "web-pr-7")).toBe("web-pr-7");
          }
        }
        const count = Object.entries(template).flatMap(([, content]) => content.split("---\n")).length;
        const there = entriesOf(one.files).flatMap(([at, content]) => [...manifests.objectsIn(at, bytes(content))]);
        expect(there).toHaveLength(count + 1);
      }),
      { numRuns: 60 },
    );
  });

  it("gets a namespace into each object that a program makes, and no other byte", () => {
    const separator = fc.constantFrom("---\n", "--- # more\n");
    fc.assert(
      fc.property(fc.array(object, { minLength: 1, maxLength: 5 }), separator, (objects, between) => {
        const made = bytes(objects.map((one) => one.replaceAll(/\{\{.*?\}\}/g, "web-pr-7")).join(between));
        const result = manifests.inNamespace("made", made, "web-pr-7", () => true);
        for (const { namespace } of manifests.objectsIn("made", result)) expect(namespace).toBe("web-pr-7");
        const without = (content: Uint8Array) =>
          text(content).replaceAll(/namespace: "web-pr-7", |, namespace: 'web-pr-7'/g, "");
        expect(without(result)).toBe(without(made));
        expect(manifests.inNamespace("made", result, "web-pr-7", () => true)).toEqual(result);
      }),
    );
  });
});

describe("paths", () => {
  const folder = fc.array(name, { maxLength: 4 }).map((parts) => parts.join("/"));

  it("lead from a folder to another and back", () => {
    fc.assert(
      fc.property(folder, folder, (from, to) => {
        expect(resolvePath(from, relativePath(from, to))).toBe(to);
      }),
    );
  });

  it("of a kustomization never lead out of the repository, whatever stands there", () => {
    const part = fc.oneof(fc.constantFrom("..", ".", "", "base", "templates", "web", "\\", "/"), name);
    const reference = fc.oneof(
      fc.array(part, { maxLength: 6 }).map((parts) => parts.join("/")),
      fc.string(),
    );
    fc.assert(
      fc.property(reference, (one) => {
        const template = { folder: "templates/web", files: filesOf({ "web.yaml": "" }) };
        let leads: ReturnType<typeof leadsTo>;
        try {
          leads = leadsTo(one, "templates/web", template);
        } catch (error) {
          // What is no path at all is refused as one.
          expect(error).toMatchObject({ code: "input/path" });
          return;
        }
        if (leads.to === "elsewhere") expect(leads.path.split("/")).not.toContain("..");
        if (leads.to === "elsewhere") expect(leads.path).not.toMatch(/^\/|^templates\/web(?:\/|$)/);
      }),
    );
  });

  it("of resources are put into their places, and the Namespace after them, in kustomizations of any layout", () => {
    const layout = fc.record({
      flow: fc.boolean(),
      indent: fc.constantFrom("", "  ", "    "),
      eol: fc.constantFrom("\n", "\r\n"),
      comment: fc.constantFrom("", " # why"),
      before: fc.constantFrom("", "namespace: a\n", "# first\n"),
      after: fc.constantFrom("", "images: [{ name: web, newTag: '1' }]\n", "\n# last\n"),
    });
    fc.assert(
      fc.property(layout, fc.uniqueArray(name, { minLength: 1, maxLength: 4 }), (of, names) => {
        const list = of.flow
          ? `resources: [${names.join(", ")}]${of.comment}\n`
          : `resources:\n${names.map((one) => `${of.indent}- ${one}${of.comment}\n`).join("")}`;
        const source = `${of.before}${list}${of.after}`.replaceAll("\n", of.eol);
        const set = new Map(names.map((one, at) => [`resources[${at}]`, `../${one}`]));
        const result = text(kustomizations.edit("k", bytes(source), { set, add: "ns.yaml" }));
        expect(parse(result).resources).toEqual([...names.map((one) => `../${one}`), "ns.yaml"]);
        expect(result.replaceAll("../", "").replace(/\r?\n *- ns\.yaml|, ns\.yaml/, "")).toBe(source);
      }),
    );
  });

  it("have a folder", () => {
    expect([folderOf("a/b/c.yaml"), folderOf("a")]).toEqual(["a/b", ""]);
  });
});
