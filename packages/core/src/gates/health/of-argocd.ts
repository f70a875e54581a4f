import { z } from "zod";
import type { GateSubject, Look } from "../gate.ts";
import { askServer } from "../outside/server.ts";
import { jsonOf, told } from "../outside/told.ts";
import { Unanswered } from "../outside/unanswered.ts";
import { type ArgocdOptions, application, commitsOf, judgeApplication } from "./argocd.ts";
import { nameFrom, serverCodes } from "./cluster.ts";
import type { Judged } from "./judged.ts";
import { isInAny, read, wantedOf, withShortMessages } from "./reading.ts";

/** What Argo CD says of one application. @throws Unanswered, OutsideError */
export async function ofApplication(
  template: string,
  options: ArgocdOptions,
  subject: GateSubject,
  look: Look,
): Promise<Judged> {
  const name = nameFrom(template, look);
  const query = new URLSearchParams({
    ...(options.namespace === undefined ? {} : { appNamespace: nameFrom(options.namespace, look) }),
    ...(options.project === undefined ? {} : { project: look.render(options.project) }),
  }).toString();
  const path = `/api/v1/applications/${name}${query === "" ? "" : `?${query}`}`;
  const { answer, shown } = await askServer(serverCodes, options, { path }, look);
  const document = jsonOf(answer.body);
  const { data: error } = z.looseObject({ message: z.string() }).safeParse(document);
  const says = `${shown} answers ${answer.status}${error === undefined ? "" : `: ${told(error.message, look.outside.redact)}`}`;
  switch (answer.status) {
    case 200:
      break;
    case 401:
      throw new Unanswered("health/denied", says, "a token that Argo CD takes: it may have expired");
    case 403: {
      const clearedBy = `a role with applications, get for ${name}; Argo CD says the same of one that is not there`;
      throw new Unanswered("health/denied", says, clearedBy);
    }
    case 404:
      throw new Unanswered("health/not-found", says, `an application of the name ${name}`);
    default:
      throw new Unanswered("health/status", says, "Argo CD, when the next run asks it");
  }
  const app = read(application, document, shown);
  const { status } = app;
  const contains = {
    compared: await isInAny(status.sync === undefined ? [] : commitsOf(status.sync, app), look),
    operated: await isInAny(commitsOf(status.operationState?.syncResult ?? {}, app), look),
  };
  const judged = judgeApplication(withShortMessages(app, look.outside.redact), wantedOf(subject, look), contains);
  const page = new URL(shown);
  page.pathname = page.pathname.replace(/\/api\/v1\/applications\/([^/]*)$/, "/applications/$1");
  return { url: page.href, ...judged };
}
