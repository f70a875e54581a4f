import type { Timestamp } from "@glu/core";
import { timeOf } from "../json.ts";

type Entry = Readonly<Record<string, unknown>>;

/** Of all statuses of a context that were ever set the last one that was there at a time. */
export function asItWas(all: readonly Entry[], at: Timestamp): Entry | undefined {
  const isThere = ({ created_at: made }: Entry) => Date.parse(timeOf(made) ?? "") <= Date.parse(at);
  return all.filter(isThere).reduce<Entry | undefined>((last, one) => (isLater(one, last) ? one : last), undefined);
}

const isLater = ({ id }: Entry, than: Entry | undefined): boolean => than === undefined || Number(id) > Number(than.id);
