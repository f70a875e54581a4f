import { type Templates, UserError } from "@glu/core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { createTemplates } from "./create-templates.ts";

let templates: Templates;
beforeAll(async () => {
  templates = await createTemplates();
});

const variables = {
  app: "frontend",
  env: "staging",
  version: {
    sha: "0123456789abcdef0123456789abcdef01234567",
    branch: "feature/Login",
    message: "Fix it",
    tag: undefined,
  },
  images: { web: { name: "ghcr.io/acme/web", tag: "1.2.3", ref: "ghcr.io/acme/web:1.2.3@sha256:00" } },
  vars: { SHA: "from-vars", COUNT: 3, "with-dash": "dashed" },
  context: { SHA: "from-context", BRANCH: "feature/Login" },
};

const render = (template: string) => templates.render(template, variables);

function mistake(template: string): string {
  try {
    const text = render(template);
    throw new Error(`it rendered ${JSON.stringify(text)}`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return `${error.code}\n${error.message}\n${error.fix}`;
  }
}

describe("a template", () => {
  it.each([
    ["no template", "no template"],
    ["", ""],
    ["a } b }} c { d", "a } b }} c { d"],
    ["apps/{{ app }}/envs/{{env}}/values.yaml", "apps/frontend/envs/staging/values.yaml"],
    ["{{ images.web.tag }}", "1.2.3"],
    ["{{ images['web'].tag }}", "1.2.3"],
    ["{{ vars['with-dash'] }}-{{ vars.COUNT }}", "dashed-3"],
    ["a {{- app -}} b", "afrontendb"],
    ['{{ "{{" }} app }}', "{{ app }}"],
  ])("renders %j as %j", (template, text) => {
    expect(render(template)).toBe(text);
  });

  it.each([
    ["{{ version.sha | slice: 0, 7 }}", "0123456"],
    ["{{ app | upcase | append: '-' | append: env }}", "FRONTEND-staging"],
    ['{{ version.branch | replace: "/", "-" | downcase }}', "feature-login"],
    ["{{ version.branch | split: '/' | last }}", "Login"],
    ['{{ version.tag | default: "none" }}', "none"],
    ['{{ vars.LEVEL | default: "info" | upcase }}', "INFO"],
    ["{{ nobody.knows.this | default: app }}", "frontend"],
    ["{{ version.branch | sanitizeDNSName }}", "feature-login-48fad082"],
  ])("filters %j to %j", (template, text) => {
    expect(render(template)).toBe(text);
  });

  it.each([
    ["{{ .SHA }}", "from-vars"],
    ["{{.SHA}}", "from-vars"],
    ["{{- .BRANCH -}}", "feature/Login"],
    ["{{ .BRANCH | sanitizeDNSName }}", "feature-login-48fad082"],
    ["{{ app | append: .SHA }}", "frontendfrom-vars"],
    ['{{ .SHA | append: " .BRANCH }} " }}', "from-vars .BRANCH }} "],
    ["{{ '.SHA' }}", ".SHA"],
    ['{{ .LEVEL | default: "info" }}', "info"],
  ])("reads GimletD's %j as %j: vars, then context", (template, text) => {
    expect(render(template)).toBe(text);
  });

  it.each([
    [
      "{{ images.web.tga }}",
      'template/missing-variable\nThe template "{{ images.web.tga }}" names "images.web.tga", which this artifact does not have.\nThere are: images.web.tag, images.web.ref, images.web.name.',
    ],
    [
      "{{ images.api.tag }}",
      'template/missing-variable\nThe template "{{ images.api.tag }}" names "images.api", which this artifact does not have.\nThere are: images.web.name, images.web.tag, images.web.ref.',
    ],
    [
      "{{ .BRNACH }}",
      'template/missing-variable\nThe template "{{ .BRNACH }}" names ".BRNACH", which this artifact does not have.\nThere are: .BRANCH.',
    ],
    [
      "{{ version.tag }}",
      'template/missing-variable\nThe template "{{ version.tag }}" names "version.tag", which this artifact does not have.\nThere are: version.sha, version.message.',
    ],
    [
      "{{ images.web }}",
      'template/syntax\nThe template "{{ images.web }}" gives no text: it is a mapping.\nName a value in it, or give one for when it is missing: {{ name | default: "…" }}.',
    ],
    [
      "{{ app | upcas }}",
      'template/syntax\nThe template "{{ app | upcas }}" uses the filter "upcas", which there is not.\nDid you mean "upcase"?',
    ],
    [
      "{% if app %}a{% endif %}",
      'template/syntax\nThe template "{% if app %}a{% endif %}" cannot be rendered: tag "if" not found.\nTags ({% … %}) are not offered: use {{ name }} and filters.',
    ],
    [
      "{{ app",
      'template/syntax\nThe template "{{ app" cannot be rendered: output "{{ app" not closed.\nWrite {{ name }} or {{ name | filter: "argument" }}.',
    ],
    [
      "{{ app env }}",
      'template/syntax\nThe template "{{ app env }}" cannot be rendered: it is not one name.\nWrite {{ name }} or {{ name | filter: "argument" }}.',
    ],
  ])("refuses %j", (template, error) => {
    expect(mistake(template)).toBe(error);
  });

  it.each([
    "{{ constructor }}",
    "{{ app.constructor }}",
    "{{ vars.__proto__ }}",
    "{{ vars.toString }}",
    "{{ vars.hasOwnProperty.constructor }}",
    "{{ .constructor }}",
    "{{ .__proto__ }}",
    "{{ _dotted.__proto__ }}",
    "{{ process.env.PATH }}",
    "{{ globalThis }}",
    "{{ images.size }}",
    "{{ .size }}",
    "{{ vars.first }}",
    "{% include '/etc/passwd' %}",
    "{% render '../secret' %}",
    "{% assign app = 'other' %}{{ app }}",
    "{% for i in (1..10) %}x{% endfor %}",
    "{% raw %}{{ app }}{% endraw %}",
    "{{ app | inspect }}",
    "{{ 'now' | date: '%s' }}",
    "{{ images | where_exp: 'x', 'x' }}",
    "{{ (1..1000000000) | join }}",
    "{{ app | replace: '', version.sha | replace: '', version.sha | replace: '', version.sha | replace: '', version.sha | replace: '', version.sha }}",
    `{{ app }}${"x".repeat(20_000)}`,
  ])("gives nothing away for %j", (template) => {
    expect(mistake(template)).toMatch(/^template\//);
  });
});

describe("values", () => {
  it("stay data, whatever they contain", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.constantFrom("{{ app }}", "{% raw %}", "{{ .SHA }}", "}}", "$&", "<b>&")),
        (value) => {
          const given = { ...variables, vars: { X: value }, version: { ...variables.version, branch: value } };
          expect(templates.render("{{ .X }}|{{ vars.X }}|{{ version.branch }}", given)).toBe(
            `${value}|${value}|${value}`,
          );
          expect(templates.render("{{ missing | default: vars.X }}", given)).toBe(value);
        },
      ),
    );
  });

  it("never call functions or read what is inherited", () => {
    const hostile = Object.assign(Object.create({ inherited: "secret" }), { call: () => "called" });
    const given = { ...variables, vars: hostile };
    for (const name of ["vars.inherited", "vars.call", ".inherited", ".call"]) {
      expect(() => templates.render(`{{ ${name} }}`, given)).toThrow(`names "${name}"`);
    }
  });

  it("are read anew on each rendering", () => {
    const given = { vars: { X: "a" } };
    expect(templates.render("{{ .X }}", given)).toBe("a");
    given.vars.X = "b";
    expect(templates.render("{{ .X }}", given)).toBe("b");
  });
});
