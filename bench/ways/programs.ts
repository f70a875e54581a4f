import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { TemporaryFolder } from "../measure/temporary.ts";

/** The root of this project. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** `glu` as a runner has it: what is in dist/ now. */
export const glu = join(root, "dist/glu.js");

/** Programs of the bench itself, bundled as those in dist/ are: loading sources one by one would be measured too. */
export class Programs implements Disposable {
  readonly #folder = new TemporaryFolder("glu-bench-programs-");

  /** @param name of a file beside this one */
  async bundle(name: string): Promise<string> {
    await build({
      entryPoints: [join(import.meta.dirname, `${name}.ts`)],
      outdir: this.#folder.path,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      splitting: true,
      minify: true,
      format: "esm",
      platform: "node",
      target: "node20.19",
      conditions: ["source"],
      banner: { js: 'import{createRequire as gluRequire}from"node:module";const require=gluRequire(import.meta.url);' },
      logLevel: "error",
    });
    return join(this.#folder.path, `${name}.mjs`);
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}
