import type { Statuses } from "@glu/core";
import { webLink } from "../http.ts";
import { textOf } from "../json.ts";

type Read = Awaited<ReturnType<Statuses["read"]>>;

/** What a status says; undefined for one that was cancelled, which says nothing. All that is neither good nor waits failed. */
export function saidBy(status: Readonly<Record<string, unknown>>, state: unknown): Read {
  if (state === "canceled") return undefined;
  const waits = state === "pending" || state === "running" || state === "created";
  return {
    state: state === "success" ? "success" : waits ? "pending" : "failure",
    description: textOf(status.description) ?? "",
    url: webLink(textOf(status.target_url)),
  };
}
