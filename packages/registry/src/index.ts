export * from "./credentials.ts";
export * from "./image.ts";
export * from "./reference.ts";
export * from "./registry.ts";
