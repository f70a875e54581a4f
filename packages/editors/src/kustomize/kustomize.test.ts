import type { RepoPath } from "@glu/core";
import { describe, expect, it } from "vitest";
import { kustomize } from "./kustomize.ts";

const folder = "apps/web/overlays/staging";
const path = `${folder}/kustomization.yaml` as RepoPath;
const bytes = (text: string) => new TextEncoder().encode(text);
const digest = `sha256:${"0a".repeat(32)}`;
const other = `sha256:${"1b".repeat(32)}`;

interface Extra {
  name?: string;
  create?: boolean;
}

/** The file after the edit, or the code it is refused with. */
function edit(before: string | undefined, image: string, extra: Extra = {}): string {
  const files = new Map(before === undefined ? [] : [[path, bytes(before)]]);
  const result = kustomize.edit({ kustomize: folder, image, create: false, ...extra }, files);
  if (result.kind === "refused") return result.code;
  const after = result.files.get(path) ?? files.get(path);
  if (after === undefined) throw new Error("no file");
  for (const { selector, value } of result.writes) expect(kustomize.read(after, selector)).toBe(value);
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(after);
}

type Row = [name: string, before: string, image: string, after: string, extra?: Extra];

describe("an entry of images", () => {
  it.each<Row>([
    [
      "gets a new tag, all else kept",
      "# top\nimages:\n- name: web # c\n  newTag: v1 # t\n\n- name: api\n  newTag: v1\n",
      "web:v2",
      "# top\nimages:\n- name: web # c\n  newTag: v2 # t\n\n- name: api\n  newTag: v1\n",
    ],
    [
      "gets a tag in quotes where it would be a number",
      "images:\n  - name: web\n    newTag: 1.9\n",
      "web:1.10",
      'images:\n  - name: web\n    newTag: "1.10"\n',
    ],
    [
      "gets a string also where a number was",
      "images:\n  - name: web\n    newTag: 1\n",
      "web:2",
      'images:\n  - name: web\n    newTag: "2"\n',
    ],
    [
      "gets a digest in the place of the tag, whose comment stays",
      "images:\n- name: web\n  newTag: 'v1' # pinned\n  # mine\n- name: api\n",
      `web:v2@${digest}`,
      `images:\n- name: web\n  digest: '${digest}' # pinned\n  # mine\n- name: api\n`,
    ],
    [
      "keeps the comment on a last line without line break",
      'images:\r\n- name: web\r\n  newTag: "1.0"\t # owned by team X',
      `web@${digest}`,
      `images:\r\n- name: web\r\n  digest: "${digest}"\t # owned by team X`,
    ],
    [
      "keeps the comment behind the dash, with CRLF",
      "images:\r\n- newTag: v1   # mine\r\n  name: web\r\n",
      `web@${digest}`,
      `images:\r\n- digest: ${digest}   # mine\r\n  name: web\r\n`,
    ],
    [
      "keeps the comments of a flow map on several lines",
      "images:\n- {\n    name: web, # n\n    newTag: v1, # t\n  }\n",
      `web@${digest}`,
      `images:\n- {\n    name: web, # n\n    digest: "${digest}", # t\n  }\n`,
    ],
    [
      "keeps the comment behind an empty tag",
      "images:\n- name: web\n  newTag: # none yet\n",
      `web@${digest}`,
      `images:\n- name: web\n  digest: ${digest} # none yet\n`,
    ],
    [
      "gets a tag in the place of the digest",
      `images:\n- name: web\n  digest: ${digest}\nx: 1\n`,
      "web:v2",
      "images:\n- name: web\n  newTag: v2\nx: 1\n",
    ],
    [
      "with both loses the tag",
      `images:\n- name: web\n  newTag: v1 # gone\n  # stays\n  digest: ${digest} # d\n`,
      `web@${other}`,
      `images:\n- name: web\n  # stays\n  digest: ${other} # d\n`,
    ],
    [
      "with both loses the digest",
      `images:\n- name: web\n  newTag: v1\n  digest: ${digest}\n`,
      "web:v2",
      "images:\n- name: web\n  newTag: v2\n",
    ],
    [
      "with both loses the digest at the end of the file",
      `images:\n- name: web\n  newTag: v1\n  digest: ${digest}`,
      "web:v2",
      "images:\n- name: web\n  newTag: v2",
    ],
    [
      "with both and CRLF",
      `images:\r\n- name: web\r\n  newTag: v1\r\n  digest: ${digest}`,
      "web:v2",
      "images:\r\n- name: web\r\n  newTag: v2",
    ],
    [
      "loses a tag behind the dash",
      `images:\n- newTag: v1 # gone\n  name: web\n  digest: ${digest}\n`,
      `web@${other}`,
      `images:\n- name: web\n  digest: ${other}\n`,
    ],
    [
      "without either gets a tag",
      "images:\n- name: web\n- name: api\n",
      "web:v2",
      "images:\n- name: web\n  newTag: v2\n- name: api\n",
    ],
    [
      "without either gets a digest",
      "images:\r\n- name: web\r\n- name: api\r\n",
      `web@${digest}`,
      `images:\r\n- name: web\r\n  digest: ${digest}\r\n- name: api\r\n`,
    ],
    [
      "gets a new name when that differs",
      "images:\n- name: web\n  newTag: v1\n",
      "ghcr.io/acme/web:v2",
      "images:\n- name: web\n  newTag: v2\n  newName: ghcr.io/acme/web\n",
      { name: "web" },
    ],
    [
      "gets its new name changed",
      "images:\n- newName: old/web\n  name: web\n  newTag: v1\n",
      "localhost:5000/acme/web:v2",
      "images:\n- newName: localhost:5000/acme/web\n  name: web\n  newTag: v2\n",
      { name: "web" },
    ],
    [
      "gets a name and a digest",
      "images:\n- name: web\n",
      `ghcr.io/acme/web@${digest}`,
      `images:\n- name: web\n  newName: ghcr.io/acme/web\n  digest: ${digest}\n`,
      { name: "web" },
    ],
    [
      "with a port in its name",
      "images:\n- name: localhost:5000/web\n  newTag: v1\n",
      "localhost:5000/web:v2",
      "images:\n- name: localhost:5000/web\n  newTag: v2\n",
    ],
    [
      "in flow style",
      "images: [{name: web, newTag: v1}, {name: api, newTag: v1}]\n",
      "web:v2",
      "images: [{name: web, newTag: v2}, {name: api, newTag: v1}]\n",
    ],
    [
      "in flow style gets a digest",
      "images: [{name: web, newTag: v1}]\n",
      `web@${digest}`,
      `images: [{name: web, digest: "${digest}"}]\n`,
    ],
    [
      "in flow style loses a tag",
      `images: [{newTag: v1, name: web, digest: "${digest}"}]\n`,
      `web@${digest}`,
      `images: [{name: web, digest: "${digest}"}]\n`,
    ],
    [
      "in flow style loses a digest",
      `images: [{name: web, newTag: v1, digest: "${digest}"}]\n`,
      "web:v1",
      "images: [{name: web, newTag: v1}]\n",
    ],
    ["with an empty tag", "images:\n- name: web\n  newTag:\n", "web:v1", "images:\n- name: web\n  newTag: v1\n"],
    ["that is right stays", "images:\n- name: web\n  newTag: v2\n", "web:v2", "images:\n- name: web\n  newTag: v2\n"],
    [
      "is made with create",
      "images:\n  - name: api\n    newTag: v1\nx: 1\n",
      "web:v2",
      "images:\n  - name: api\n    newTag: v1\n  - name: web\n    newTag: v2\nx: 1\n",
      { create: true },
    ],
    [
      "whose name is an alias",
      "x: &n web\nimages:\n- name: *n\n  newTag: v1\n",
      "web:v2",
      "x: &n web\nimages:\n- name: *n\n  newTag: v2\n",
      { create: true },
    ],
    [
      "whose name and tag come through a merge",
      "x: &b {name: web, newTag: v1}\nimages:\n- <<: *b\n",
      "web:v2",
      "x: &b {name: web, newTag: v1}\nimages:\n- <<: *b\n  newTag: v2\n",
      { create: true },
    ],
    ["is made in an empty list", "images: []\n", "web:v2", "images: [{name: web, newTag: v2}]\n", { create: true }],
    [
      "is made with the list",
      "resources:\n- a.yaml\n",
      `ghcr.io/acme/web:v1@${digest}`,
      `resources:\n- a.yaml\nimages:\n- name: web\n  newName: ghcr.io/acme/web\n  digest: ${digest}\n`,
      { create: true, name: "web" },
    ],
    [
      "is made under an empty key",
      "images:\nx: 1\n",
      "web:v2",
      "images:\n  - name: web\n    newTag: v2\nx: 1\n",
      { create: true },
    ],
  ])("%s", (_, before, image, after, extra) => {
    expect(edit(before, image, extra)).toBe(after);
    expect(edit(after, image, extra)).toBe(after);
  });

  it.each<[string, string, string, string]>([
    ["that is missing", "images:\n- name: api\n  newTag: v1\n", "web:v1", "edit/no-key"],
    ["of a file without images", "resources: []\n", "web:v1", "edit/no-key"],
    ["that is there twice", "images:\n- name: web\n- name: web\n", "web:v1", "edit/ambiguous"],
    ["in several documents", "images:\n- name: web\n---\nimages: []\n", "web:v1", "edit/ambiguous"],
    ["without tag and digest", "images:\n- name: web\n", "web", "edit/image"],
    ["with a bad reference", "images:\n- name: web\n", "Web:v1", "edit/image"],
    ["with an alias as its tag", "x: &t v1\nimages:\n- name: web\n  newTag: *t\n", "web:v2", "edit/alias"],
    [
      "with an alias as the tag to remove",
      "x: &t v1\nimages:\n- name: web\n  newTag: *t\n",
      `web@${digest}`,
      "edit/alias",
    ],
    ["with an anchor that is used", "images:\n- &w\n  name: web\n  newTag: v1\nx: *w\n", "web:v2", "edit/anchor"],
    [
      "with an anchor on the tag to remove",
      "images:\n- name: web\n  newTag: &t v1\nx: *t\n",
      `web@${digest}`,
      "edit/anchor",
    ],
    ["that is an alias", "x: &w {name: web, newTag: v1}\nimages:\n- *w\n", "web:v2", "edit/alias"],
    [
      "with a tag on several lines to remove",
      `images:\n- name: web\n  newTag: "v\n    1"\n  digest: ${digest}\n`,
      `web@${digest}`,
      "edit/ambiguous",
    ],
    [
      "with a comment that would lose its place",
      `images:\n- newTag: v1\n  # about the name\n  name: web\n  digest: ${digest}\n`,
      `web@${digest}`,
      "edit/ambiguous",
    ],
    [
      "with an explicit key to remove",
      `images:\n- name: web\n  ? newTag\n  : v1\n  digest: ${digest}\n`,
      `web@${digest}`,
      "edit/ambiguous",
    ],
    [
      "with a tag through a merge, where a digest is to stand",
      "x: &b {newTag: v1}\nimages:\n- <<: *b\n  name: web\n",
      `web@${digest}`,
      "edit/selector",
    ],
    [
      "with another name through a merge",
      "x: &b {newName: o}\nimages:\n- <<: *b\n  name: web\n",
      "web:1",
      "edit/selector",
    ],
    ["with a list as its tag", "images:\n- name: web\n  newTag: []\n", "web:v2", "edit/not-scalar"],
  ])("%s is refused", (_, before, image, code) => {
    expect(edit(before, image)).toBe(code);
  });

  it("that is missing is refused with the nearest one", () => {
    const result = kustomize.edit(
      { kustomize: folder, image: "ghcr.io/acme/bakcend:v1", create: false },
      new Map([[path, bytes("images:\n- name: ghcr.io/acme/backend\n")]]),
    );
    expect(result).toEqual({
      kind: "refused",
      code: "edit/no-key",
      path,
      line: 2,
      message: '"images[name=ghcr.io/acme/bakcend]" is not there.',
      fix: "Did you mean \"ghcr.io/acme/backend\"? With 'create: true' it is made.",
    });
  });

  it("is recorded as the image it means", () => {
    const files = new Map([[path, bytes("images:\n- name: web\n")]]);
    const result = kustomize.edit(
      { kustomize: folder, image: `ghcr.io/acme/web:v1@${digest}`, name: "web", create: false },
      files,
    );
    expect(result).toMatchObject({
      writes: [{ path, selector: "images[name=web]", value: `ghcr.io/acme/web@${digest}`, editor: "kustomize" }],
    });
  });

  it("is read as the image it means", () => {
    const file = bytes(
      `images:\n- name: a\n- name: b\n  newTag: 1.10\n- name: c\n  newName: d\n  newTag: v1\n  digest: ${digest}\n`,
    );
    expect(kustomize.read(file, "images[name=a]")).toBe("a");
    expect(kustomize.read(file, "images[name=b]")).toBe("b:1.10");
    expect(kustomize.read(file, "images[name=c]")).toBe(`d:v1@${digest}`);
    expect(kustomize.read(file, "images[name=x]")).toBeUndefined();
    expect(kustomize.read(bytes("images: ["), "images[name=x]")).toBeUndefined();
  });
});

describe("the file of a kustomization", () => {
  it("is the one of three names that is there", () => {
    const file = `${folder}/Kustomization` as RepoPath;
    const options = { kustomize: `${folder}/`, image: "web:v2", create: true };
    const result = kustomize.edit(options, new Map([[file, bytes("images:\n- name: web\n")]]));
    expect(result.kind === "edited" && [...result.files.keys()]).toEqual([file]);
    expect(kustomize.paths(options)).toEqual(
      ["kustomization.yaml", "kustomization.yml", "Kustomization"].map((name) => `${folder}/${name}`),
    );
    expect(kustomize.paths({ ...options, kustomize: "." })).toEqual([
      "kustomization.yaml",
      "kustomization.yml",
      "Kustomization",
    ]);
  });

  it("is refused when there are two, or none without create", () => {
    const second = `${folder}/kustomization.yml` as RepoPath;
    const options = { kustomize: folder, image: "web:v2", create: true };
    expect(
      kustomize.edit(
        options,
        new Map([
          [path, bytes("")],
          [second, bytes("")],
        ]),
      ),
    ).toMatchObject({ code: "edit/ambiguous" });
    expect(edit(undefined, "web:v2")).toBe("edit/no-file");
    expect(kustomize.edit({ ...options, kustomize: "../x" }, new Map())).toMatchObject({ code: "edit/path" });
  });

  it("is made with create", () => {
    expect(edit(undefined, `web@${digest}`, { create: true })).toBe(
      `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nimages:\n  - name: web\n    digest: ${digest}\n`,
    );
  });
});
