import type { Actor } from "@glu/core";
import type { ForgeResponse } from "../http.ts";
import { mappingOf, textOf } from "../json.ts";

/** Whom an answer names. @param refuse the error for one that names nobody */
export function starter(response: ForgeResponse, user: unknown, refuse: (response: ForgeResponse) => Error): Actor {
  const { login, username } = mappingOf(user);
  const name = textOf(login) ?? textOf(username);
  if (response.status !== 200 || name === undefined || !isName.test(name)) throw refuse(response);
  return { name, verified: true };
}

/** A user's name, or that of an App or of a job's token. */
const isName = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}(?:\[bot\])?$/;
