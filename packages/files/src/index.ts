export { openFileStore } from "./file-artifact-store.ts";
