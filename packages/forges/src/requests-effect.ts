/**
 * A request that is sent again after a broken connection may arrive twice. It names its artifact, or wants the newest, so
 * the second run finds everything done and says `unchanged`: nothing is promoted twice, whereas a lost request would be
 * missed.
 */
export const effectOfRequests = "same" as const;
