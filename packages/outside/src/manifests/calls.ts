import { join } from "node:path";
import type { BuildRun } from "@glu/core";
import type { Environment } from "../command/environment.ts";

/** One way to make manifests: a program, and where it finds what. */
export interface Call {
  argv: readonly string[];
  variables: Readonly<Record<string, string>>;
  /** What it is called in messages. */
  shown: string;
}

interface Places {
  /** The folder for what is made. */
  made: string;
  /** A home that has nothing. */
  home: string;
  env: Environment;
}

/** Those that do the same, the best one first. Files are named as seen from the folder that has them. */
export function callsOf(run: BuildRun, places: Places): Call[] {
  return run.by === "kustomize" ? kustomizeCalls(run, places) : [helmCall(run, places)];
}

function kustomizeCalls({ folder }: BuildRun & { by: "kustomize" }, { made, home }: Places): Call[] {
  // Plugins and Helm are off, and files are of the folder of their kustomization alone, as is usual; said all the same.
  const args = [folder, "--load-restrictor", "LoadRestrictionsRootOnly", "-o", join(made, "manifests.yaml")];
  const variables = { HOME: home, XDG_CONFIG_HOME: home, GIT_ALLOW_PROTOCOL: "none", KUBECONFIG: join(home, "none") };
  return [
    { argv: ["kustomize", "build", ...args], variables, shown: "kustomize build" },
    { argv: ["kubectl", "kustomize", ...args], variables, shown: "kubectl kustomize" },
  ];
}

/** What a job may have said of registries and of the way to them, in steps before: `helm registry login`. */
const ofHelm = ["HELM_REGISTRY_CONFIG", "HELM_REPOSITORY_CONFIG", "HELM_CONFIG_HOME", "XDG_CONFIG_HOME"];
const ofNetwork = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE"];

function helmCall(run: BuildRun & { by: "helm" }, { made, home, env }: Places): Call {
  const { release, namespace, chart, values } = run;
  const variables = Object.fromEntries(
    [...ofHelm, ...ofNetwork].flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
  const args = [release, ...("folder" in chart ? [`./${chart.folder}`] : fetched(chart))];
  const files = values.flatMap((path) => ["--values", path]);
  const into = ["--namespace", namespace, "--skip-tests", "--output-dir", made];
  return {
    argv: ["helm", "template", ...args, ...files, ...into],
    variables: { ...variables, HELM_CACHE_HOME: join(home, "cache"), KUBECONFIG: join(home, "none") },
    shown: "helm template",
  };
}

/** A registry has charts below its address, a repository lists them in an index. */
function fetched({ name, repository, version }: Exclude<(BuildRun & { by: "helm" })["chart"], { folder: string }>) {
  if (repository === undefined) return [name, "--version", version];
  if (repository.startsWith("oci://")) return [`${repository.replace(/\/+$/, "")}/${name}`, "--version", version];
  return [name, "--repo", repository, "--version", version];
}
