import type { AppComparison } from "./compare.ts";

/** Whether anything of an app differs. Apart from the comparison, which reports do not make. */
export const isDifferent = ({ order, values, files }: AppComparison): boolean =>
  order?.kind !== "same" || order.by !== "digest" || values.length + files.length > 0;
