export { discoveryFolders } from "./discovery-folders.ts";
export { configJsonSchema, type JsonSchema } from "./json-schema.ts";
export { type ParseConfigOptions, parseConfig } from "./parse-config.ts";
export { printConfig } from "./print-config.ts";
export type { ConfigSource } from "./source/read-source.ts";
export { createTemplates } from "./templates/create-templates.ts";
export { sanitizeDnsName } from "./templates/dns-name.ts";
