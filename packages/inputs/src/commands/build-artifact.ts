import { appName } from "@glu/core";
import { defineCommand } from "../schema/command.ts";
import { input } from "../schema/input.ts";
import {
  config,
  configRepository,
  hostToken,
  imageRegex,
  matrix,
  namePlaceholder,
  nameRegex,
  output,
  ref,
  requestId,
  token,
} from "./connection.ts";

/** What `request` takes: `owner/name`, a GitLab path with subgroups, a workflow file behind it, and `@ref`. */
export const requestPattern = {
  regex: "^[A-Za-z0-9_.][A-Za-z0-9_.-]*(/[A-Za-z0-9_.][A-Za-z0-9_.-]*)+(@[A-Za-z0-9_][A-Za-z0-9_./-]*)?$",
  means: "a repository as `owner/name`, or `owner/name/promote.yml@main`",
};

export const buildArtifact = defineCommand({
  name: "build-artifact",
  cli: "artifact create",
  summary: "Record one releasable version of an app as a release artifact",
  description:
    "Makes the release artifact: an immutable record of the source commit, the images by digest, and whatever else CI attaches. Running it again for the same commit gives the same id.",
  inputs: {
    app: input.text({
      description: "Name of the app this is a version of, as in `glu.yaml`.",
      required: true,
      placeholder: namePlaceholder,
      pattern: nameRegex,
      of: appName,
    }),
    image: input.list({
      description:
        "Images of this version, `name=reference`, such as `web=ghcr.io/acme/frontend:1.2.3@sha256:…`. A reference without a digest is resolved in its registry.",
      placeholder: "name=reference",
      pattern: imageRegex,
    }),
    item: input.list({
      description: "Things to attach (a test report, an SBOM), `name=url` or a JSON object with a `name`; one a line.",
      placeholder: "name=url",
      separator: "line",
      pattern: { regex: "^(\\{|[^\\s={]+=)", means: "`name=url`, or a JSON object on one line" },
    }),
    var: input.list({
      description: "Values for templates, `KEY=value`; one a line. They win over `var-file`.",
      placeholder: "KEY=value",
      separator: "line",
      pattern: { regex: "^[A-Za-z_][A-Za-z0-9_]*=", means: "`KEY=value`; a key has letters, digits and `_`" },
    }),
    "var-file": input.text({
      description:
        "A file with more of them, `KEY=value` a line, in UTF-8. `#` starts a comment at the start of a line and after a space, but not in quotes.",
      placeholder: "path",
    }),
    manifests: input.text({
      description:
        "The app's own environment manifests, a folder or a glob such as `.glu/*.yaml`; they travel in the artifact.",
      placeholder: "path",
    }),
    "artifact-repository": input.text({
      description:
        "Where artifacts are stored, a URL or `owner/name`. Without it: `config-repository` when given, else the repository this runs in, where the built-in token is enough.",
      placeholder: "repository",
    }),
    "config-repository": configRepository,
    ref,
    config,
    token,
    request: input.text({
      description:
        "Ask this config repository to promote the artifact; it decides, not this job. `owner/name` sends GitHub's `repository_dispatch` (type `glu-promote`) or starts GitLab's pipeline; `owner/name/promote.yml@main` starts that workflow.",
      placeholder: "owner/name",
      pattern: requestPattern,
    }),
    "dry-run": input.flag({ description: "Make and print the artifact, store nothing, ask nobody." }),
    "request-id": requestId,
    "host-token": hostToken,
    matrix,
    output,
  },
  outputs: {
    "artifact-id": "Id of the artifact, `<commit time>-<12 digits of the digest>`.",
    "artifact-digest": "Its digest, `sha256:…`, over its canonical JSON (RFC 8785).",
    "artifact-path": "Path of the artifact as a JSON file in this job.",
    image: "The first image as it deploys, `name:tag@digest`; empty without images.",
    digest: "The digest of that image.",
    "store-ref": "Where it was stored, such as `refs/glu/artifacts/frontend:<id>`; empty on a dry run.",
    traceparent: "W3C trace context of this delivery, for the steps that follow.",
  },
  permissions: [
    {
      host: "github",
      scope: "contents",
      access: "write",
      reason: "writes the artifact to `refs/glu/artifacts/<app>`; `read` is enough with `dry-run` or another store",
    },
    {
      host: "github",
      scope: "packages",
      access: "read",
      reason: "only to resolve the digest of a private image in ghcr.io",
    },
    {
      host: "gitlab",
      scope: "write_repository",
      access: "write",
      reason: "writes the artifact: a project access token in `GLU_TOKEN`, or a job token that may push",
    },
  ],
  examples: [
    {
      title: "One image, tagged; the digest is looked up",
      run: "glu artifact create --app frontend --image web=ghcr.io/acme/frontend:1.2.3",
    },
    {
      title: "With a test report and a template value, stored nowhere",
      run: "glu artifact create --app frontend --image web=ghcr.io/acme/frontend:1.2.3 --item tests=https://ci.acme.dev/42 --var REGION=eu --dry-run",
    },
  ],
});
