import { actionCommands } from "../commands/all.ts";
import { commandAction, rootAction } from "./action-yml.ts";
import { cliPage } from "./cli-page.ts";
import { commandList } from "./command-list.ts";
import { gitlabTemplate } from "./gitlab-template.ts";
import { jsonSchema, published } from "./json-schemas.ts";
import { fill } from "./markers.ts";
import { inputsTable, outputsTable, permissionsTable } from "./readme-tables.ts";
import { rootActions } from "./root-actions.ts";

/** One file the generator owns, whole or in its marked parts. */
export interface GeneratedFile {
  /** Path from the root of the repository. */
  path: string;
  /** The content it must have, given the present one (undefined: it does not exist). */
  content(present: string | undefined): string;
}

const whole = (path: string, content: () => string): GeneratedFile => ({ path, content });

function marked(path: string, parts: () => Record<string, string>): GeneratedFile {
  return {
    path,
    content(present) {
      if (present === undefined) throw new Error(`${path} does not exist; only its tables are generated.`);
      return fill(present, path, parts());
    },
  };
}

/** Every generated file. Adding an action adds its `action.yml`, component and tables here by itself. */
export const generatedFiles: readonly GeneratedFile[] = [
  whole("action.yml", rootAction),
  ...actionCommands.flatMap((command) => [
    whole(`actions/${command.name}/action.yml`, () => commandAction(command)),
    marked(`actions/${command.name}/README.md`, () => ({
      permissions: permissionsTable(command, "github"),
      inputs: inputsTable(command, "action"),
      outputs: outputsTable(command, "action"),
    })),
    whole(`gitlab/templates/${command.name}.yml`, () => gitlabTemplate(command)),
  ]),
  marked("gitlab/README.md", () =>
    Object.fromEntries(
      actionCommands.flatMap((command) => [
        [`${command.name}:inputs`, inputsTable(command, "gitlab")],
        [`${command.name}:outputs`, outputsTable(command, "gitlab")],
        [`${command.name}:permissions`, permissionsTable(command, "gitlab")],
      ]),
    ),
  ),
  whole("docs/cli.md", cliPage),
  whole("packages/inputs/src/generated/command-list.ts", commandList),
  whole("packages/inputs/src/generated/root-actions.ts", rootActions),
  ...published.map((schema) => whole(`schemas/${schema.name}.schema.json`, () => jsonSchema(schema))),
];
