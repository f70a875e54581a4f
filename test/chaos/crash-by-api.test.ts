import { beforeAll, expect, it } from "vitest";
import { crashAndRunAgain, runUndisturbed, type Undisturbed } from "./crash-by-api.ts";

// The moments that matter most; crash-by-api.itg.test.ts kills at every request.
let undisturbed: Undisturbed;
beforeAll(async () => {
  undisturbed = await runUndisturbed();
});

it.each([
  ["POST /graphql createCommitOnBranch", { released: true, proposed: false }],
  ["POST /graphql updateRefs", { proposed: false }],
  ["POST /repos/acme/config/pulls", { proposed: true }],
])(
  "a run that was killed when GitHub had done %s is finished by the next, and nothing is there twice",
  async (name, then) => {
    const request = undisturbed.requests.indexOf(name) + 1;
    expect(request, undisturbed.requests.join("\n")).toBeGreaterThan(0);
    expect(await crashAndRunAgain({ request, moment: "after" }, undisturbed)).toMatchObject(then);
  },
);
