export { commandAction, rootAction } from "./action-yml.ts";
export { cliPage } from "./cli-page.ts";
export { type GeneratedFile, generatedFiles } from "./files.ts";
export { gitlabTemplate } from "./gitlab-template.ts";
export { jsonSchema, published } from "./json-schemas.ts";
export { inputsTable, outputsTable, permissionsTable } from "./readme-tables.ts";
