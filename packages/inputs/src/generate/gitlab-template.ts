import { Document, isScalar, Scalar, stringify, visit } from "yaml";
import type { Command } from "../schema/command.ts";
import type { Input } from "../schema/input.ts";
import { variableName } from "../schema/names.ts";
import { gitlabScript } from "./gitlab-script.ts";
import { banner, onHost } from "./shared.ts";

/** The folder the CLI writes its reports to; contract between the components and `@glu/report`. */
const reports = "glu-report";

interface GitlabInput {
  description: string;
  type?: "string" | "boolean";
  default?: string | boolean;
  options?: readonly string[];
  regex?: string;
}

/** Inputs that shape the job; the rest of it (`rules`, `needs`, `tags`) is the includer's. */
function jobInputs(command: Command): Record<string, GitlabInput> {
  return {
    "job-name": {
      description: "Name of the job, to extend it or to include the component twice.",
      default: command.name,
    },
    stage: { description: "Stage of the job.", default: "deploy" },
    "job-image": {
      description: "Image of the job: Node 20.19 or newer and Git, or one with `glu` on the PATH.",
      default: "node:24",
    },
    "component-project": {
      description: "Path of the project this component came from on this GitLab; set it when you mirror the project.",
      default: "glu/actions",
      regex: "^[A-Za-z0-9_.][A-Za-z0-9_.-]*(/[A-Za-z0-9_.][A-Za-z0-9_.-]*)+$",
    },
  };
}

/** Nothing, the value itself, or a variable that the job expands before the value is checked again. */
function regexOf(input: Input): string | undefined {
  const variable = "\\$[A-Za-z_][A-Za-z0-9_]*|\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}";
  // A secret is never written into a pipeline: only the name of a variable that holds it.
  if (input.secret) return `^(${variable})?$`;
  if (input.pattern === undefined || !input.expand || input.separator === "line") return undefined;
  const one = `(${input.pattern.regex.replace(/^\^|\$$/g, "")}|${variable})`;
  if (input.kind === "list") return `^[,\\s]*(${one}([,\\s]+${one})*[,\\s]*)?$`;
  return input.required ? `^${one}$` : `^${one}?$`;
}

function gitlabInput(input: Input): GitlabInput {
  const { description } = input;
  if (input.kind === "flag") return { description, type: "boolean", default: false };
  if (input.kind === "choice") {
    const options = input.required || input.default !== undefined ? input.choices : ["", ...input.choices];
    return { description, type: "string", options, ...(input.required ? {} : { default: input.default ?? "" }) };
  }
  const regex = regexOf(input);
  return {
    description,
    type: "string",
    ...(input.required ? {} : { default: input.default ?? "" }),
    ...(regex === undefined ? {} : { regex }),
  };
}

/** How an input reaches the job: as a variable's value, which no shell reads as code. */
function variable(name: string, input: Input): string | { value: string; expand: false } {
  const reference = `$[[ inputs.${name} ]]`;
  if (input.kind === "flag") return `${reference} `;
  return input.expand ? reference : { value: reference, expand: false };
}

/** Interpolations in quotes and the script as it is read, so that nothing here depends on how YAML takes a value. */
function jobYaml(job: object): string {
  const document = new Document(job);
  visit(document, {
    Scalar(key, scalar) {
      if (key === "key" || !isScalar(scalar) || typeof scalar.value !== "string") return;
      if (scalar.value.includes("\n")) scalar.type = Scalar.BLOCK_LITERAL;
      else if (scalar.value.includes("$[[")) scalar.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString({ lineWidth: 0 }).trimEnd();
}

/**
 * The GitLab component of one command, a file for `templates/`.
 *
 * @param bundleDigest SHA-256, 64 hex digits, of the file `dist/SHA256SUMS` beside the component (lines as sha256sum
 * writes them, for every file of the bundle); a release gives it. Empty: not a release, nothing is compared.
 */
export function gitlabTemplate(command: Command, bundleDigest = ""): string {
  if (!/^(?:[0-9a-f]{64})?$/.test(bundleDigest)) throw new Error(`${bundleDigest} is not a SHA-256.`);
  const inputs = onHost(command, "gitlab").filter(([, input]) => !input.hidden && input.actionDefault === undefined);
  const header = {
    spec: {
      component: ["name", "sha", "reference"],
      inputs: {
        ...Object.fromEntries(inputs.map(([name, input]) => [name, gitlabInput(input)])),
        ...jobInputs(command),
      },
    },
  };
  const job = {
    "$[[ inputs.job-name ]]": {
      stage: "$[[ inputs.stage ]]",
      image: "$[[ inputs.job-image ]]",
      variables: {
        GLU_COMPONENT_PROJECT: "$[[ inputs.component-project ]]",
        GLU_COMPONENT_REFERENCE: "$[[ component.reference ]]",
        GLU_COMPONENT_SHA: "$[[ component.sha ]]",
        ...Object.fromEntries(inputs.map(([name, input]) => [variableName(name), variable(name, input)])),
      },
      script: [gitlabScript(command.cli, bundleDigest)],
      artifacts: {
        when: "always",
        paths: [`${reports}/`],
        reports: { dotenv: `${reports}/glu.env`, annotations: `${reports}/annotations.json` },
      },
    },
  };
  return [
    banner("#"),
    `# ${command.summary}.`,
    stringify(header, { lineWidth: 0 }).trimEnd(),
    "---",
    "# Inputs become variables, never part of the script. A flag's variable ends in a space: GitLab refuses a boolean as",
    "# a variable's value, and inside a longer text it is text. `expand: false` keeps `$NAME` in what people type as it is.",
    jobYaml(job),
    "",
  ].join("\n");
}
