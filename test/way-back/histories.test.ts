import { describeRollbacks, histories } from "./histories.ts";

// The two that tell most; histories.itg.test.ts has them all.
describeRollbacks(
  histories.filter(({ name }) => /squash-merged|somebody removed$/.test(name)),
  "wire",
);
