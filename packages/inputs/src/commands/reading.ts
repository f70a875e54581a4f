import { appName, envName } from "@glu/core";
import { defineCommand } from "../schema/command.ts";
import { input } from "../schema/input.ts";
import { connection, namePlaceholder, output } from "./connection.ts";
import { overwrite, set, target } from "./promote.ts";

const cli = { hosts: ["cli"] } as const;
const apps = input.list({ ...cli, description: "Only these apps.", of: appName, placeholder: namePlaceholder });
const environments = input.list({
  ...cli,
  description: "Only these environments.",
  of: envName,
  placeholder: namePlaceholder,
});

export const validate = defineCommand({
  name: "validate",
  summary: "Check the configuration and the files it names",
  description: "Reads the configuration, says what is wrong with file, line, column and the fix, and changes nothing.",
  inputs: {
    ...connection,
    config: input.text({
      ...cli,
      description:
        "The configuration to check: a path in the config repository. Without it: `glu.yaml` or `glu.config.ts`.",
      position: 1,
    }),
    output,
  },
  examples: [{ title: "Here, before you push", run: "glu validate" }],
});

export const configPrint = defineCommand({
  name: "config-print",
  cli: "config print",
  summary: "Show the configuration as YAML",
  description:
    "What a `glu.config.ts` gives, or a `glu.yaml` with its anchors written out. The same configuration gives the same bytes, and what is shown reads as the same pipeline. A gate that is a function is shown as a reference to it, which stands in no `glu.yaml`.",
  inputs: {
    ...connection,
    config: input.text({
      ...cli,
      description:
        "The configuration to show: a path in the config repository. Without it: `glu.yaml` or `glu.config.ts`.",
      position: 1,
    }),
    output,
  },
  examples: [{ title: "What a program says", run: "glu config print glu.config.ts" }],
});

export const configTypes = defineCommand({
  name: "config-types",
  cli: "config types",
  summary: "Print the types of `@glu/sdk`, for an editor and `tsc`",
  description:
    "One declaration of the module `@glu/sdk`, as this version of Glu has it. In a file such as `glu/sdk.d.ts` it lets an editor complete and check `glu.config.ts`; Glu itself does not read that file. Make it anew with each new version of Glu.",
  inputs: { output },
  examples: [{ title: "Beside the pipeline", run: "glu config types > glu/sdk.d.ts" }],
});

export const plan = defineCommand({
  name: "plan",
  summary: "Say what promote would do, with the exact diff",
  description:
    "The same as `glu promote --plan`: decides and edits, commits nothing, needs a token that can read. What would be held is an answer here, not a failure: the exit code is 0.",
  inputs: { ...target, overwrite, set, output },
  examples: [{ title: "What would change in production?", run: "glu plan --app frontend --environment production" }],
});

export const explain = defineCommand({
  name: "explain",
  summary: "Say why an artifact is not in an environment, since when, and who clears it",
  description:
    "What runs there, what is newer, how far each of these came, and of the next one every gate: met or not, what was seen, since when, who can clear it, when it clears by itself. What is not upstream yet is explained there, too. It decides as `glu plan` does and changes nothing: the exit code is 0, whatever is in the way.",
  inputs: {
    app: input.text({ ...cli, description: "Name of the app.", position: 1, required: true, of: appName }),
    environment: input.text({
      ...cli,
      description: "Name of the environment.",
      position: 2,
      required: true,
      of: envName,
    }),
    artifact: input.text({
      ...cli,
      description:
        "Only this artifact: its id or digest, or the path of its JSON file. With `latest`: all that is newer than what runs there.",
      default: "latest",
      refuseEmpty: true,
      placeholder: "artifact",
    }),
    ...connection,
    output,
  },
  examples: [
    { title: "Why is it not in production?", run: "glu explain frontend production" },
    {
      title: "And this one?",
      run: "glu explain frontend production --artifact 20261121t070000z-0123456789ab",
    },
  ],
});

export const status = defineCommand({
  name: "status",
  summary: "Show what runs where",
  description:
    "The matrix of apps and environments with the artifact, its state, pins and freezes, read from the records.",
  inputs: { app: apps, environment: environments, ...connection, output },
  examples: [{ title: "Everything", run: "glu status" }],
});

export const graph = defineCommand({
  name: "graph",
  summary: "Draw the pipeline: text, Mermaid or SVG",
  description:
    "The environments in their order, what starts a promotion into each, its gates and its apps, as the configuration says it. With `--app` also what runs where, from the records. It asks for no artifact.",
  inputs: {
    app: input.list({
      ...cli,
      description: "Also what runs of these apps, and only the environments that they go through.",
      of: appName,
      placeholder: namePlaceholder,
    }),
    ...connection,
    output: input.choice({
      ...cli,
      description:
        "How the answer is written to standard output: `text` for people, `json` for programs, `markdown` for a comment, `mermaid` for the source of a diagram alone, `svg` for a picture.",
      short: "o",
      placeholder: "format",
      choices: ["text", "json", "markdown", "mermaid", "svg"],
      default: "text",
    }),
  },
  examples: [
    { title: "The pipeline as a picture", run: "glu graph --output svg" },
    { title: "With what runs of one app", run: "glu graph --app frontend" },
  ],
});

export const doctor = defineCommand({
  name: "doctor",
  summary: "Check tools, token and configuration, and say how to mend them",
  description:
    "Looks whether Node and Git are new enough, a token is there, the config repository can be read and its configuration is valid; then asks the forge what the token may do, whether the rules of the config branch let Glu push and merge, what workflows may do, and what time it is. It only reads: what the token may not see is said to be unseen, never well.",
  inputs: { ...connection, output },
  examples: [{ title: "Why does nothing work here?", run: "glu doctor --config-repository acme/deployments" }],
});

export const version = defineCommand({
  name: "version",
  summary: "Show the version of glu, of Node and of Git",
  description: "For bug reports.",
  inputs: { output },
});

export const demo = defineCommand({
  name: "demo",
  summary: "Run a whole delivery on this machine: no install, account or network",
  description:
    "Makes an app repository and a config repository, promotes an artifact through staging to production, shows a held promotion, a no-op, and two promotions that race.",
  inputs: {
    keep: input.text({
      ...cli,
      description: "Folder for the repositories and summaries. Without it: a new temporary folder, which is named.",
      placeholder: "dir",
    }),
  },
  examples: [{ title: "And keep what it made", run: "glu demo --keep ./glu-demo" }],
});
