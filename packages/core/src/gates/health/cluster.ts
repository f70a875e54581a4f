import { z } from "zod";
import type { Look } from "../gate.ts";
import type { Mistake } from "../option.ts";
import { given, textOf } from "../outside/given.ts";
import {
  askServer,
  ca,
  limitOf,
  openSecret,
  retries,
  type ServerCodes,
  type ServerOptions,
  serverAddress,
  timeout,
  token,
} from "../outside/server.ts";
import { withinLimit } from "../outside/time-limit.ts";
import { jsonOf, told } from "../outside/told.ts";
import { Unanswered } from "../outside/unanswered.ts";

/** What the gate says of a server that cannot be asked. */
export const serverCodes: ServerCodes = { none: "health/no-variable", ca: "health/ca" };

const argument = z.string().regex(/^[^\s\0-][^\0]*$/, "must be a name");

/** How a cluster is asked: by its API, or by a kubectl that the job has. */
export const clusterFields = {
  url: serverAddress.describe("The API server of the cluster, such as https://k8s.example.com:6443.").optional(),
  token: token.optional(),
  ca: ca.optional(),
  kubectl: z
    .union([
      z.literal(true).describe("The kubectl of the job, with the kubeconfig in its home folder."),
      z.strictObject({
        context: argument.optional().describe("The context of the kubeconfig. Without it the current one."),
        kubeconfig: argument.optional().describe("The kubeconfig's file. Without it ~/.kube/config."),
        variables: z
          .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be the name of a variable"), given)
          .optional()
          .describe("Variables that kubectl and its credential plugin get: texts, or { env: NAME } of the job."),
      }),
    ])
    .describe("Ask by kubectl instead of url and token: true, or { context, kubeconfig, variables }.")
    .optional(),
  retries: retries.optional(),
  timeout: timeout.optional(),
};

const clusterOptions = z.object(clusterFields);
export type ClusterOptions = z.infer<typeof clusterOptions>;

/** What only two keys together show to be wrong. */
export function clashOfCluster({ kubectl, ...by }: ClusterOptions): Mistake | undefined {
  const code = "config/value";
  if ((kubectl === undefined) === (by.url === undefined)) {
    const fix = "Write either url with token, or kubectl: true.";
    return { code, message: "must have either url or kubectl", fix };
  }
  if (kubectl === undefined) {
    if (by.token === undefined) {
      return { code, message: "must have a token beside url", fix: "Add token: { env: NAME }." };
    }
    return openSecret(by as ServerOptions);
  }
  const [key] = (["token", "ca", "retries"] as const).filter((one) => by[one] !== undefined);
  if (key === undefined) return undefined;
  return {
    code,
    key,
    message: "must not stand beside kubectl",
    fix: "Remove it: the kubeconfig has what kubectl needs.",
  };
}

/** An object of the cluster by its type's group, version and plural. */
export interface ObjectName {
  group: string;
  version: string;
  plural: string;
  namespace: string;
  name: string;
}

const label = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
const dnsName = new RegExp(`^(?=.{1,253}$)${label}(\\.${label})*$`);

/**
 * A name that templates give.
 * @throws Unanswered `health/template`: it is none of Kubernetes (RFC 1123)
 */
export function nameFrom(template: string, look: Look): string {
  const name = look.render(template);
  if (dnsName.test(name)) return name;
  const seen = JSON.stringify(told(name, look.outside.redact));
  throw new Unanswered(
    "health/template",
    `${seen} is no name of anything in a cluster`,
    "another artifact, or template",
  );
}

const dimension = ({ plural, namespace, name }: ObjectName): string => `${plural} ${name} in ${namespace}`;

/**
 * An object as the API server has it; undefined when there is none of that name.
 * @throws Unanswered, OutsideError
 */
export async function readObject(name: ObjectName, cluster: ClusterOptions, look: Look): Promise<unknown> {
  const { kubectl } = cluster;
  return kubectl === undefined ? byApi(name, cluster as ServerOptions, look) : byKubectl(name, cluster, look);
}

const failure = z.looseObject({
  kind: z.literal("Status"),
  reason: z.string().default(""),
  message: z.string().default(""),
});

async function byApi(object: ObjectName, server: ServerOptions, look: Look): Promise<unknown> {
  const { group, version, plural, namespace, name } = object;
  const path = `/apis/${group}/${version}/namespaces/${namespace}/${plural}/${name}`;
  const { answer, shown } = await askServer(serverCodes, server, { path }, look);
  const document = jsonOf(answer.body);
  if (answer.status === 200 && document !== undefined) return document;
  const { data } = failure.safeParse(document);
  if (answer.status === 404 && data?.reason === "NotFound") return undefined;
  const says = data === undefined ? "" : `: ${told(data.message, look.outside.redact)}`;
  throw refused(object, `${shown} answers ${answer.status}${says}`, answer.status === 200 ? "" : String(answer.status));
}

async function byKubectl(
  object: ObjectName,
  { kubectl, timeout: wanted }: ClusterOptions,
  look: Look,
): Promise<unknown> {
  const { group, version, plural, namespace, name } = object;
  const { context, kubeconfig, variables = {} } = kubectl === true || kubectl === undefined ? {} : kubectl;
  const argv = [
    "kubectl",
    "get",
    `${plural}.${version}.${group}`,
    name,
    `--namespace=${namespace}`,
    "--output=json",
    ...(context === undefined ? [] : [`--context=${context}`]),
    ...(kubeconfig === undefined ? [] : [`--kubeconfig=${kubeconfig}`]),
  ];
  const values = Object.entries(variables).map(([key, value]) => [key, textOf(value, look, serverCodes.none)]);
  const result = await withinLimit(look.signal, limitOf({ timeout: wanted }), (signal) =>
    look.outside.commands.run({ argv, variables: Object.fromEntries(values) }, signal),
  );
  if (result.code === 0) {
    // Warnings of its other stream may stand before and behind.
    const document = jsonOf(/^\{$[\s\S]*^\}$/m.exec(result.output)?.[0] ?? result.output);
    if (document !== undefined) return document;
    throw refused(object, "kubectl gave an answer that cannot be read", "");
  }
  if (result.code === undefined) throw refused(object, "kubectl did not end in time", "kubectl");
  const last = result.output.trim().split("\n").at(-1) ?? "";
  if (/^Error from server \(NotFound\): \S+ "[^"]*" not found$/m.test(result.output)) return undefined;
  const status = /Unauthorized|must be logged in/.test(last) ? "401" : /\(Forbidden\)/.test(last) ? "403" : "kubectl";
  throw refused(object, `kubectl ended with ${result.code}: ${told(last, look.outside.redact)}`, status);
}

/** Why nothing is known of an object. */
function refused(object: ObjectName, why: string, status: string): Unanswered {
  const what = dimension(object);
  switch (status) {
    case "401":
      return new Unanswered("health/denied", why, "a token that the API server takes");
    case "403":
      return new Unanswered("health/denied", why, `the right to get ${what}`);
    case "404":
      return new Unanswered(
        "health/not-found",
        why,
        `a cluster that knows ${object.plural}.${object.group}/${object.version}`,
      );
    case "":
      return new Unanswered("health/not-json", why, "another url, of an API server of Kubernetes");
    default:
      return new Unanswered("health/status", `${what}: ${why}`, "the cluster, when the next run asks it");
  }
}
