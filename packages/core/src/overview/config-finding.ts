import type { UserError } from "../errors.ts";
import { manifestsCount } from "../manifests/manifest-at.ts";
import { versionSchema } from "../model/artifact.ts";
import type { AppName, EnvName } from "../model/names.ts";
import type { App, Environment } from "../model/pipeline.ts";

/**
 * What is wrong with a config that can be read. `error`: a promotion would be refused or held for it. `note`: only an
 * artifact, a forge or time can tell, or it may be meant.
 */
export interface ConfigFinding {
  level: "error" | "note";
  /** Undefined where it is not one app's own. */
  app: AppName | undefined;
  environment: EnvName;
  code: string;
  message: string;
  path: string | undefined;
  line: number | undefined;
  fix: string | undefined;
}

/** What is told of a template that cannot be rendered for a sample of the app's artifacts. */
export function templateFinding(
  error: UserError,
  place: { app: App; environment: Environment },
): Omit<ConfigFinding, "app" | "environment"> {
  const open = error.code === "template/missing-variable" && isArtifactsOwn(String(error.seen), place);
  return {
    level: open ? "note" : "error",
    code: error.code,
    message: error.message,
    path: error.at?.file,
    line: error.at?.line,
    fix: error.fix,
  };
}

/** Whether only an artifact can tell if it has the variable: `vars`, `context`, `.NAME`, what `version` may have, its manifest. */
function isArtifactsOwn(name: string, { app, environment }: { app: App; environment: Environment }): boolean {
  const [first, second = ""] = name.split(".");
  if (first === "" || first === "vars" || first === "context") return true;
  if (first === "manifest") return manifestsCount(app, environment);
  return first === "version" && Object.hasOwn(versionSchema.shape, second);
}
