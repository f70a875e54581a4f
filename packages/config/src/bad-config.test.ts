import { UserError } from "@glu/core";
import { describe, expect, it } from "vitest";
import { offer } from "../test/offer.ts";
import { parseConfig } from "./parse-config.ts";

/** The error as a reader sees it: position, code, message, fix. */
function mistake(text: string): string {
  try {
    parseConfig({ file: "glu.yaml", text, ...offer });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return `${error.at?.file}:${error.at?.line}:${error.at?.column} ${error.code}\n${error.message}\n${error.fix}`;
  }
  throw new Error("it was accepted");
}

const write = "[{ yaml: '{{ app }}/{{ env }}.yaml', set: { a: b } }]";
const apps = `apps: { web: { write: ${write} } }`;
const withEnvironment = (lines: string) =>
  `version: 1\nenvironments:\n  staging: {}\n  production:\n${lines}\n${apps}\n`;
const withApp = (lines: string) => `version: 1\nenvironments: { staging: {} }\napps:\n  web:\n${lines}\n`;
const withWrite = (lines: string) => withApp(`    write:\n${lines}`);

const table: [what: string, text: string, error: string][] = [
  [
    "an empty environment",
    `version: 1\nenvironments:\n  staging:\n${apps}\n`,
    `glu.yaml:3:11 config/type
environments.staging must be a mapping, but is empty.
Write staging: {}, or remove it.`,
  ],
  [
    "empty defaults",
    `version: 1\nenvironments: { a: {} }\ndefaults:\n${apps}\n`,
    `glu.yaml:3:10 config/type
defaults must be a mapping, but is empty.
Write defaults: { repository: 'acme/{{ app }}' }, or remove it.`,
  ],
  [
    "empty apps",
    "version: 1\nenvironments: { a: {} }\napps:\n",
    `glu.yaml:3:6 config/type
apps must be a mapping, but is empty.
Write apps: { frontend: { images: { web: ghcr.io/acme/frontend } } }, or remove it.`,
  ],
  [
    "an empty policy",
    withEnvironment("    policy:"),
    `glu.yaml:5:12 config/type
environments.production.policy must be a mapping or a list, but is empty.
Write policy: { event: push, branch: main }, or remove it.`,
  ],
  [
    "a strategy that says otherwise than the key beside it",
    withEnvironment("    propose: true\n    strategy: commit"),
    `glu.yaml:6:5 config/strategy
production has "propose", so its changes are not committed.
Remove "propose", or write "strategy: pull-request".`,
  ],
  [
    "a proposal's text that has a marker of its own",
    withEnvironment("    propose: { body: '<!-- glu:proposal -->' }"),
    `glu.yaml:5:22 config/value
environments.production.propose.body must not have "glu:proposal", but is "<!-- glu:proposal -->".
Leave it out: Glu marks its proposals itself.`,
  ],
  [
    "a misspelt key at the top level",
    `version: 1
enviroments: {}
`,
    `glu.yaml:2:1 config/unknown-key
Unknown key "enviroments" at the top level.
Did you mean "environments"?`,
  ],
  [
    "a misspelt key of an environment",
    withEnvironment("    teir: production"),
    `glu.yaml:5:5 config/unknown-key
Unknown key "teir" in environments.production.
Did you mean "tier"?`,
  ],
  [
    "a misspelt key of an app",
    withApp("    imagse: { web: a/b }\n    write: []"),
    `glu.yaml:5:5 config/unknown-key
glu.yaml has 2 errors:
  5:5 Unknown key "imagse" in apps.web. Did you mean "images"?
  6:12 apps.web.write must not be empty. Give it a value, or remove it.
Correct the places listed.`,
  ],
  [
    "a misspelt option of a write",
    withWrite("      - yaml: a.yaml\n        set: { a: b }\n        crate: true"),
    `glu.yaml:8:9 config/unknown-key
Unknown key "crate" in apps.web.write[0].
Did you mean "create"?`,
  ],
  [
    "an unknown option of an editor that does not refuse it itself",
    withWrite("      - kustomize: a\n        image: b\n        imagee: c"),
    `glu.yaml:8:9 config/unknown-key
Unknown key "imagee" in apps.web.write[0].
Did you mean "image"?`,
  ],
  [
    "a misspelt kind of write",
    withWrite("      - ymal: a.yaml\n        set: { a: b }"),
    `glu.yaml:6:9 config/unknown-editor
apps.web.write[0].ymal: "ymal" is no kind of write.
Did you mean "yaml"?`,
  ],
  [
    "a write of no kind",
    withWrite("      - set: { a: b }"),
    `glu.yaml:6:9 config/unknown-editor
apps.web.write[0] must name a kind of write.
The kinds of write are yaml, kustomize, json.`,
  ],
  [
    "a write of two kinds",
    withWrite("      - yaml: a.yaml\n        json: a.json\n        set: { a: b }"),
    `glu.yaml:6:9 config/ambiguous-write
apps.web.write[0]: names two kinds of write, yaml and json.
Make them two entries of the list.`,
  ],
  [
    "a write without a needed option",
    withWrite("      - yaml: a.yaml"),
    `glu.yaml:6:9 config/missing-key
Missing key "set" in apps.web.write[0].
Selector to value.`,
  ],
  [
    "a number where the editor wants text",
    withWrite("      - yaml: a.yaml\n        set: { version: 1.10 }"),
    `glu.yaml:7:25 config/type
apps.web.write[0].set.version must be text, but is the number 1.1.
Put it in quotes.`,
  ],
  [
    "a misspelt gate",
    withEnvironment("    from: staging\n    gates: [{ sok: 30m }]"),
    `glu.yaml:6:15 config/unknown-gate
environments.production.gates[0].sok: "sok" is not a gate.
Did you mean "soak"?`,
  ],
  [
    "options that the gate cannot read",
    withEnvironment("    from: staging\n    gates: [{ soak: 30 min }]"),
    `glu.yaml:6:21 config/value
environments.production.gates[0].soak must be a duration longer than none, such as 30m, 2h or 1d, but is the text "30 min".
docs/configuration.md says what can stand here.`,
  ],
  [
    "a soak of no time, which would satisfy nothing but the check for one",
    withEnvironment("    tier: production\n    from: staging\n    policy: { event: push }\n    gates: [{ soak: 0s }]"),
    `glu.yaml:8:21 config/value
environments.production.gates[0].soak must be a duration longer than none, such as 30m, 2h or 1d, but is the text "0s".
docs/configuration.md says what can stand here.`,
  ],
  [
    "a soak that no calendar has an end for",
    withEnvironment("    from: staging\n    gates: [{ soak: 99999999w }]"),
    `glu.yaml:6:21 config/value
environments.production.gates[0].soak must be a duration longer than none, such as 30m, 2h or 1d, but is the text "99999999w".
docs/configuration.md says what can stand here.`,
  ],
  [
    "a gate that is not a mapping",
    withEnvironment("    gates: [soak]"),
    `glu.yaml:5:13 config/type
environments.production.gates[0] must be a mapping of one gate, but is "soak".
The gates are ${offer.gates.map(({ name }) => name).join(", ")}. Write each as [{ gate: options }].`,
  ],
  [
    "an automatic edge that comes from nowhere",
    `version: 1
environments:
  staging: {}
  demo:
    auto: newest
apps:
  web: { write: [{ yaml: "{{ env }}.yaml", set: { a: b } }] }
`,
    `glu.yaml:5:5 config/auto-without-upstream
demo has no "from", so nothing comes there by itself.
Say where it comes from, such as "from: staging", or remove auto.`,
  ],
  [
    "an automatic edge into production without a safeguard",
    `version: 1
environments:
  staging: {}
  production: { tier: production, from: staging, auto: newest }
apps:
  web: { write: [{ yaml: "{{ env }}.yaml", set: { a: b } }] }
`,
    `glu.yaml:4:50 config/unsafe-automation
production is of tier production and would be promoted by itself without having run anywhere before.
Add "from: <an environment>" and "gates: [{ soak: 30m }]", or remove "auto" and promote by hand.`,
  ],
  [
    "soak without an upstream",
    withEnvironment("    gates: [{ soak: 30m }]"),
    `glu.yaml:5:15 config/gate-without-upstream
production has no "from", so there is nothing to soak in.
Say where it comes from, such as "from: staging", or remove the gate.`,
  ],
  [
    "an unknown event",
    withEnvironment("    policy: { event: [push, pull] }"),
    `glu.yaml:5:29 config/unknown-event
environments.production.policy.event[1]: "pull" is not an event.
Events are push, tag, pr, release, manual, request, schedule.`,
  ],
  [
    "an unknown key of a policy",
    withEnvironment("    policy: { branches: main }"),
    `glu.yaml:5:15 config/unknown-key
Unknown key "branches" in environments.production.policy.
Did you mean "branch"?`,
  ],
  [
    "a policy that says nothing",
    withEnvironment("    policy: {}"),
    `glu.yaml:5:13 config/empty-policy
environments.production.policy must have a key.
Say which artifacts, such as { event: push, branch: main }.`,
  ],
  [
    "a glob that YAML reads as a tag",
    withEnvironment("    policy: { branch: !v* }"),
    `glu.yaml:5:23 config/yaml
YAML reads this as a tag.
A value that begins with '!' needs quotes, such as "!v*".`,
  ],
  [
    "a glob that YAML reads as an alias",
    withEnvironment("    policy: { branch: *main }"),
    `glu.yaml:5:23 config/yaml
No anchor for "*main" above.
Put "&main" before what it stands for, or quote a value that begins with '*'.`,
  ],
  [
    "a number for a branch",
    withEnvironment("    policy: { branch: 1.10 }"),
    `glu.yaml:5:23 config/type
environments.production.policy.branch must be text or a list, but is the number 1.1.
Put it in quotes.`,
  ],
  [
    "an unknown upstream",
    withEnvironment("    from: stagin"),
    `glu.yaml:5:5 config/unknown-environment
No environment "stagin" is declared.
Did you mean "staging"?`,
  ],
  [
    "an unknown upstream in a list under any",
    withEnvironment("    from: { any: [staging, testing] }"),
    `glu.yaml:5:28 config/unknown-environment
No environment "testing" is declared.
Declared are staging, production.`,
  ],
  [
    "the same upstream twice",
    withEnvironment("    from: [staging, staging]"),
    `glu.yaml:5:21 config/duplicate
The environment "staging" is named twice.
Name it once.`,
  ],
  [
    "an app that does not go through all that an environment comes from",
    `version: 1
environments:
  a: {}
  b: { from: a }
  c: { from: [a, b] }
apps:
  web:
    environments: [a, c]
    write: ${write}
`,
    `glu.yaml:8:23 config/unreachable-environment
web goes through c, which takes only what was released in b, but not through b.
Add b here, remove c, or change environments.c.from.`,
  ],
  [
    "apps that go through none of those of which any is enough, told once where it stands",
    `version: 1
environments: { a: {}, b: {}, c: { from: { any: [a, b] } } }
defaults:
  environments:
    - c
  write: ${write}
apps:
  api:
  web:
`,
    `glu.yaml:5:7 config/unreachable-environment
api goes through c, which takes only what was released in a or b, but not through a or b.
Add a or b here, remove c, or change environments.c.from.`,
  ],
  [
    "from with neither all nor any",
    withEnvironment("    from: {}"),
    `glu.yaml:5:11 config/value
environments.production.from must have either all or any.
Write { all: [a, b] } or { any: [a, b] }.`,
  ],
  [
    "an environment that comes from itself",
    withEnvironment("    from: production"),
    `glu.yaml:5:5 config/cycle
Environments go round in a circle: production <- production.
Remove one "from".`,
  ],
  [
    "a circle of environments",
    `version: 1
environments:
  a: { from: c }
  b: { from: a }
  c: { from: [b] }
${apps}
`,
    `glu.yaml:3:8 config/cycle
Environments go round in a circle: a <- c <- b <- a.
Remove one "from".`,
  ],
  [
    "an environment called all",
    `version: 1
environments:
  all: {}
${apps}
`,
    `glu.yaml:3:3 config/reserved-name
environments.all: "all" is reserved.
A freeze of "all" is of every environment: choose another name.`,
  ],
  [
    "an environment's name with capitals",
    `version: 1
environments:
  Staging: {}
${apps}
`,
    `glu.yaml:3:3 config/environment-name
environments.Staging: "Staging" is not an environment's name.
Use 1 to 63 of a-z, 0-9 and '-', with a letter or digit first and last.`,
  ],
  [
    "no environment",
    `version: 1
environments: {}
${apps}
`,
    `glu.yaml:2:15 config/no-environment
environments is empty.
Declare at least one, such as: staging: { policy: { event: push, branch: main } }.`,
  ],
  [
    "automation into production without a safeguard",
    withEnvironment("    tier: production\n    from: staging\n    policy: { event: push }"),
    `glu.yaml:7:5 config/unsafe-automation
production is of tier production and would be promoted by itself without having run anywhere before.
Add "from: <an environment>" and "gates: [{ soak: 30m }]", or remove "policy" and promote by hand.`,
  ],
  [
    "automation into production with a soak in nothing",
    withEnvironment("    tier: production\n    gates: [{ soak: 1d }]\n    policy: { event: push }"),
    `glu.yaml:6:15 config/gate-without-upstream
production has no "from", so there is nothing to soak in.
Say where it comes from, such as "from: staging", or remove the gate.`,
  ],
  [
    "a misspelt tier",
    withEnvironment("    tier: prodction"),
    `glu.yaml:5:11 config/tier
environments.production.tier: "prodction" is no tier that protects anything.
Did you mean "production"?`,
  ],
  [
    "credentials in a repository",
    withEnvironment("    repository: https://x:secret@example.com/a/b"),
    `glu.yaml:5:17 config/credentials
environments.production.repository must not have credentials, but is "https://…@example.com/a/b".
Remove them: tokens come from the token input or GLU_TOKEN.`,
  ],
  [
    "a ref that is none",
    withEnvironment("    ref: a..b"),
    `glu.yaml:5:10 config/ref
environments.production.ref: "a..b" is not a branch or ref.
Give a branch such as main, or a full ref such as refs/heads/main.`,
  ],
  [
    "an app without write",
    withApp("    repository: acme/web"),
    `glu.yaml:4:3 config/no-write
The app web has no "write".
Say what a promotion writes under "write", of the app or of defaults.`,
  ],
  [
    "an app's name that is none",
    `version: 1
environments: { staging: {} }
apps:
  Web: {}
`,
    `glu.yaml:4:3 config/app-name
apps.Web: "Web" is not an app's name.
Use 1 to 63 of a-z, 0-9 and '-', with a letter or digit first and last.`,
  ],
  [
    "an unknown environment of an app",
    withApp("    environments: [staging, prod]\n    write: [{ yaml: a, set: { a: b } }]"),
    `glu.yaml:5:29 config/unknown-environment
No environment "prod" is declared.
Declared are staging.`,
  ],
  [
    "an unknown environment in which manifests count",
    withApp("    manifests: { allow: [stagin] }\n    write: [{ yaml: a, set: { a: b } }]"),
    `glu.yaml:5:26 config/unknown-environment
No environment "stagin" is declared.
Did you mean "staging"?`,
  ],
  [
    "one unknown environment in which manifests count, of defaults",
    `version: 1\nenvironments: { staging: {} }\ndefaults:\n  manifests: { allow: stagin }\n${apps}\n`,
    `glu.yaml:4:16 config/unknown-environment
No environment "stagin" is declared.
Did you mean "staging"?`,
  ],
  [
    "an environment in which manifests count twice",
    withApp("    manifests: { allow: [staging, staging] }\n    write: [{ yaml: a, set: { a: b } }]"),
    `glu.yaml:5:35 config/duplicate
The environment "staging" is named twice.
Name it once.`,
  ],
  [
    "manifests that are a list",
    withApp("    manifests: [staging]\n    write: [{ yaml: a, set: { a: b } }]"),
    `glu.yaml:5:16 config/type
apps.web.manifests must be a mapping, but is a list.
Write manifests: { allow: [staging] }.`,
  ],
  [
    "manifests that do not say where",
    withApp("    manifests: {}\n    write: [{ yaml: a, set: { a: b } }]"),
    `glu.yaml:5:5 config/missing-key
Missing key "allow" in apps.web.manifests.
Environments in which the manifests count that the app's artifacts carry.`,
  ],
  [
    "a misspelt key of manifests",
    withApp("    manifests: { alow: [staging] }\n    write: [{ yaml: a, set: { a: b } }]"),
    `glu.yaml:5:18 config/unknown-key
Unknown key "alow" in apps.web.manifests.
Did you mean "allow"?`,
  ],
  [
    "an image with a tag",
    withApp("    images: { web: ghcr.io/acme/web:1.0 }"),
    `glu.yaml:5:20 config/image
apps.web.images.web must not have a tag or digest, but is "ghcr.io/acme/web:1.0".
Write ghcr.io/acme/web: the artifact says which tag and digest.`,
  ],
  [
    "an image with a digest",
    withApp('    images: { web: "ghcr.io/acme/web@sha256:00" }'),
    `glu.yaml:5:20 config/image
apps.web.images.web must not have a tag or digest, but is "ghcr.io/acme/web@sha256:00".
Write ghcr.io/acme/web: the artifact says which tag and digest.`,
  ],
  [
    "an image in capitals",
    withApp("    images: { web: ghcr.io/Acme/web }"),
    `glu.yaml:5:20 config/image
apps.web.images.web: "ghcr.io/Acme/web" is not an image's name.
Write a name such as ghcr.io/acme/web, in lower case; {{ app }} may stand in it.`,
  ],
  [
    "a repository without an owner",
    withApp("    repository: web"),
    `glu.yaml:5:17 config/repository
apps.web.repository: "web" is not a repository.
Write owner/name.`,
  ],
  [
    "a path that leaves the repository",
    withWrite("      - yaml: ../{{ app }}.yaml\n        set: { a: b }"),
    `glu.yaml:6:15 config/path
"../web.yaml" is not a path inside the repository: '..' leaves the repository.
Give a path relative to the repository's root, such as apps/frontend/values.yaml.`,
  ],
  [
    "a path into Glu's own records",
    withWrite("      - yaml: .glu/{{ app }}/{{ env }}.json\n        set: { a: b }"),
    `glu.yaml:6:15 config/forbidden-path
"write" may not change .glu/web/staging.json: Glu keeps its records there.
Let it write files of the app, such as apps/<app>/envs/<env>/values.yaml.`,
  ],
  [
    "a path that CI runs from",
    withWrite("      - yaml: .github/workflows/{{ images.web.tag }}.yaml\n        set: { a: b }"),
    `glu.yaml:6:15 config/forbidden-path
"write" may not change .github/workflows/x.yaml: it decides what CI runs.
Let it write files of the app, such as apps/<app>/envs/<env>/values.yaml.`,
  ],
  [
    "the config itself as a path",
    withWrite("      - yaml: glu.yaml\n        set: { a: b }"),
    `glu.yaml:6:15 config/forbidden-path
"write" may not change glu.yaml: it decides what is promoted.
Let it write files of the app, such as apps/<app>/envs/<env>/values.yaml.`,
  ],
  [
    "two apps that set one key",
    `version: 1
environments: { staging: {} }
defaults:
  write:
    - yaml: values.yaml
      set: { tag: a }
apps: { web: {}, api: {} }
`,
    `glu.yaml:6:14 config/same-place
tag of values.yaml is set by web in staging and by api in staging.
Give each its own: {{ app }} and {{ env }} can stand in the path and in the key.`,
  ],
  [
    "two environments of an app that set one key",
    `version: 1
environments: { staging: {}, production: {} }
defaults:
  write:
    - yaml: apps/{{ app }}/values.yaml
      set: { tag: a }
apps: { web: {}, api: {} }
`,
    `glu.yaml:6:14 config/same-place
tag of apps/web/values.yaml is set by web in staging and by web in production.
Give each its own: {{ app }} and {{ env }} can stand in the path and in the key.`,
  ],
  [
    "a store that is not built yet",
    `version: 1
artifacts: { store: oci://ghcr.io/acme/artifacts }
environments: { staging: {} }
${apps}
`,
    `glu.yaml:2:21 config/not-yet
artifacts.store: "oci://ghcr.io/acme/artifacts" is a kind of store that is not built yet.
Use git or file:<path>.`,
  ],
  [
    "an unknown store",
    `version: 1
artifacts: { store: s3 }
environments: { staging: {} }
${apps}
`,
    `glu.yaml:2:21 config/store
artifacts.store: "s3" is not a store.
Use git or file:<path>.`,
  ],
  [
    "a ref of the file store",
    `version: 1
artifacts: { store: file:a, ref: refs/glu/a }
environments: { staging: {} }
${apps}
`,
    `glu.yaml:2:29 config/store
artifacts.ref is for the git store only.
Remove ref.`,
  ],
  [
    "no version",
    `environments: { staging: {} }
${apps}
`,
    `glu.yaml:1:1 config/missing-key
Missing key "version" at the top level.
The version of this format. Write version: 1.`,
  ],
  [
    "another version",
    `version: 2
environments: { staging: {} }
${apps}
`,
    `glu.yaml:1:10 config/value
version must be 1, but is the number 2.
Write 1.`,
  ],
  [
    "a version in quotes",
    `version: "1"
environments: { staging: {} }
${apps}
`,
    `glu.yaml:1:10 config/value
version must be 1, but is the text "1".
Write 1.`,
  ],
  [
    "neither apps nor discover",
    `version: 1
environments: { staging: {} }
`,
    `glu.yaml:1:1 config/missing-key
Missing key "apps" at the top level.
Declare apps under "apps", or from folders: "discover: apps/*".`,
  ],
  [
    "a discover that is no folder",
    `version: 1
environments: { staging: {} }
discover: apps/**
`,
    `glu.yaml:3:11 config/discover
discover: "apps/**" is not a folder and /*.
Write a folder and /*, such as apps/*.`,
  ],
  [
    "a list where a mapping belongs",
    `version: 1
environments:
  - staging
${apps}
`,
    `glu.yaml:2:1 config/type
environments must be a mapping, but is a list.
Write environments: { staging: { policy: { event: push, branch: main } } }.`,
  ],
  [
    "nothing where a mapping belongs",
    `version: 1
environments:
${apps}
`,
    `glu.yaml:2:14 config/type
environments must be a mapping, but is empty.
Write environments: { staging: { policy: { event: push, branch: main } } }.`,
  ],
  [
    "text where a policy belongs",
    withEnvironment("    policy: push"),
    `glu.yaml:5:13 config/type
environments.production.policy must be a mapping or a list, but is the text "push".
Write policy: { event: push, branch: main }.`,
  ],
  [
    "an empty file",
    ``,
    `glu.yaml:1:1 config/empty
The file is empty.
Begin with version: 1, environments and apps; docs/configuration.md has an example to copy.`,
  ],
  [
    "only comments",
    `# nothing
`,
    `glu.yaml:1:1 config/empty
The file is empty.
Begin with version: 1, environments and apps; docs/configuration.md has an example to copy.`,
  ],
  [
    "a file that is a list",
    `- a
- b
`,
    `glu.yaml:1:1 config/type
The file must be a mapping, but is a list.
docs/configuration.md says what can stand here.`,
  ],
  [
    "a file that is text",
    `hello
`,
    `glu.yaml:1:1 config/type
The file must be a mapping, but is the text "hello".
docs/configuration.md says what can stand here.`,
  ],
  [
    "a key twice",
    `version: 1
version: 1
environments: { staging: {} }
${apps}
`,
    `glu.yaml:2:1 config/duplicate-key
The key version is already there.
Keep one of the two.`,
  ],
  [
    "an app twice",
    `version: 1
environments: { staging: {} }
apps:
  web: { write: ${write} }
  web: { write: ${write} }
`,
    `glu.yaml:5:3 config/duplicate-key
The key web is already there.
Keep one of the two.`,
  ],
  [
    "a tab",
    `version: 1
environments:
	staging: {}
`,
    `glu.yaml:3:1 config/yaml
Not valid YAML: Tabs are not allowed as indentation.
Indent with spaces.`,
  ],
  [
    "a missing quote",
    `version: 1
environments: { staging: {} }
x-a: "open
`,
    `glu.yaml:4:1 config/yaml
Not valid YAML: Missing closing " quote.
Correct the YAML here: mind indentation, quotes and brackets.`,
  ],
  [
    "two documents",
    `version: 1
---
version: 1
`,
    `glu.yaml:2:1 config/yaml
The file holds several YAML documents.
Keep one document: remove the '---' between them.`,
  ],
  [
    "an alias inside its anchor",
    `version: 1
x-a: &a { b: *a }
`,
    `glu.yaml:2:14 config/yaml
"*a" stands inside what it stands for.
Remove it.`,
  ],
  [
    "a __proto__ key",
    `version: 1
environments: { staging: {} }
apps:
  __proto__: {}
`,
    `glu.yaml:4:3 config/unknown-key
The key "__proto__" is not allowed.
Remove it.`,
  ],
  [
    "several mistakes at once, in the order of the file",
    `version: 1
environments:
  staging: { teir: a }
apps:
  web: { wirte: ${write} }
  Api: {}
`,
    `glu.yaml:3:14 config/unknown-key
glu.yaml has 3 errors:
  3:14 Unknown key "teir" in environments.staging. Did you mean "tier"?
  5:10 Unknown key "wirte" in apps.web. Did you mean "write"?
  6:3 apps.Api: "Api" is not an app's name. Use 1 to 63 of a-z, 0-9 and '-', with a letter or digit first and last.
Correct the places listed.`,
  ],
  [
    "a template outside of quotes",
    withApp("    repository: {{ app }}/x"),
    `glu.yaml:5:18 config/yaml
YAML reads this as a mapping or list used as a key.
Put a value with {{ … }} in quotes: "{{ app }}".`,
  ],
  [
    "a template in a flow mapping outside of quotes",
    withApp("    images: { web: ghcr.io/acme/{{ app }} }"),
    `glu.yaml:5:33 config/yaml
Not valid YAML: Unexpected flow-map-start at node end.
Put a value with {{ … }} in quotes: "{{ app }}".`,
  ],
  [
    "a misspelt option that is needed",
    withWrite("      - yaml: a.yaml\n        sets: { a: b }"),
    `glu.yaml:7:9 config/unknown-key
Unknown key "sets" in apps.web.write[0].
Did you mean "set"?`,
  ],
  [
    "a list of patterns that is empty",
    withEnvironment("    policy: { branch: [] }"),
    `glu.yaml:5:23 config/value
environments.production.policy.branch must not be empty.
Give it a value, or remove it.`,
  ],
  [
    "a freeze of an environment that is not declared",
    `version: 1\nfreezes: [{ environments: prodction, times: [{ start: 2026-12-19, end: 2027-01-04, zone: UTC }] }]\nenvironments: { production: {} }\n${apps}\n`,
    `glu.yaml:2:13 config/unknown-environment
No environment "prodction" is declared.
Did you mean "production"?`,
  ],
  [
    "a freeze without times",
    `version: 1\nfreezes: [{ environments: [production], times: [] }]\nenvironments: { production: {} }\n${apps}\n`,
    `glu.yaml:2:48 config/value
freezes[0].times must not be empty.
Give it a value, or remove it.`,
  ],
  [
    "a freeze at a time that is none",
    `version: 1\nfreezes: [{ times: [{ rule: FREQ=WEEKLY, for: 1d, zone: UTC }] }]\nenvironments: { production: {} }\n${apps}\n`,
    `glu.yaml:2:29 config/recurrence
freezes[0].times[0].rule: "FREQ=WEEKLY" does not say on which day.
Add BYDAY or BYMONTHDAY, or a start such as start: 2026-01-05.`,
  ],
  [
    "an empty path",
    withWrite("      - yaml: ''\n        set: { a: b }"),
    `glu.yaml:6:15 config/value
apps.web.write[0].yaml must not be empty.
Give it a value, or remove it.`,
  ],
];

describe("a mistake in glu.yaml", () => {
  it.each([
    withEnvironment("    repository: https://x:s3cret@example.com/a/b"),
    withEnvironment('    repository: "https://x:s3cret@example.com/a b"'),
    withEnvironment("    repository: https://x:s3/cret@example.com/a"),
    withEnvironment("    from: https://x:s3cret@example.com"),
    withEnvironment("    polcy: { url: https://x:s3cret@example.com }"),
    withApp("    repository: https://x:s3cret@example.com/a/b"),
    withApp("    images: { web: https://x:s3cret@example.com/a/b }"),
    withApp("    https://x:s3cret@example.com: a"),
    `version: https://x:s3cret@example.com\nartifacts: { store: "oci://x:s3cret@example.com" }\n`,
  ])("never repeats the credentials of a URL: %#", (text) => {
    try {
      parseConfig({ file: "glu.yaml", text, ...offer });
    } catch (error) {
      expect(JSON.stringify({ ...(error as object), message: (error as Error).message })).not.toMatch(/s3|cret/);
      return;
    }
    throw new Error("it was accepted");
  });

  it.each(table)("%s", (_what, text, error) => {
    expect(mistake(text)).toBe(error);
  });
});
