import type { AskingWithToken } from "../asking.ts";
import { giteaHeaders } from "../gitea-headers.ts";
import { type ForgeResponse, send } from "../http.ts";
import { mappingOf, textOf } from "../json.ts";
import { askedOnce } from "./asked-once.ts";

export interface GiteaIdentity {
  login: string;
  /** Negative: nobody who is in the database, but the token of a job. */
  id: number;
}

/** Who a token acts as. @param refuse the error for an answer that tells nobody */
export function giteaIdentity(asking: AskingWithToken, refuse: (response: ForgeResponse) => Error) {
  return askedOnce(async (): Promise<GiteaIdentity> => {
    const response = await send({ method: "GET", path: "/user", headers: giteaHeaders(asking.token) }, asking);
    const { login: name, id } = mappingOf(response.json);
    const login = textOf(name);
    if (response.status !== 200 || login === undefined || typeof id !== "number") throw refuse(response);
    return { login, id };
  });
}
