import type { PreviewDeployment, PreviewDeployments } from "@glu/core";
import { describe, expect, it } from "vitest";

/** A deployment of a preview as people see it. */
export interface SeenPreviewDeployment {
  commit: string;
  state: PreviewDeployment["state"] | "inactive";
  page: string | undefined;
}

/** A repository of a forge, and what people see there. */
export interface PreviewDeploymentsFixture extends AsyncDisposable {
  deployments: PreviewDeployments;
  /** Puts a commit on a branch. @returns the commit */
  push(): Promise<string>;
  /** Those of a task, oldest first; where a forge keeps none, none. */
  seen(task: string): Promise<SeenPreviewDeployment[]>;
  /** Whether it has deployments of previews at all. */
  has: boolean;
}

const page = "https://web-pr-7.preview.example.com";
const task = "preview:web:pr-7";

/** What every {@link PreviewDeployments} must do. `create` makes a repository. */
export function previewDeploymentsContract(name: string, create: () => Promise<PreviewDeploymentsFixture>): void {
  const of = (commit: string, more: Partial<PreviewDeployment> = {}): PreviewDeployment => ({
    ...{ commit, state: "success", isChecked: false, description: "Preview of web for #7", page },
    ...{ log: "https://example.org/runs/1", ...more },
  });
  type Expect = (expected: SeenPreviewDeployment[], of?: string) => Promise<void>;
  const using = async (test: (at: PreviewDeploymentsFixture, expectSeen: Expect) => Promise<void>) => {
    await using fixture = await create();
    await test(fixture, async (expected, one = task) => {
      expect(await fixture.seen(one)).toEqual(fixture.has ? expected : []);
    });
  };

  describe(`${name} as deployments of previews`, () => {
    it("shows one, once, however often it is told", () =>
      using(async (at, expectSeen) => {
        const commit = await at.push();
        expect(await at.deployments.settle(task, of(commit))).toBe(at.has);
        for (let times = 0; times < 2; times++) expect(await at.deployments.settle(task, of(commit))).toBe(false);
        await expectSeen([{ commit, state: "success", page }]);
      }));

    it("shows an older commit's as inactive, and it again when that is back", () =>
      using(async (at, expectSeen) => {
        const [first, second] = [await at.push(), await at.push()];
        await at.deployments.settle(task, of(first));
        await at.deployments.settle(task, of(second));
        const seen = await at.seen(task);
        expect(seen.map(({ commit, state }) => [commit, state])).toEqual(
          at.has
            ? [
                [first, "inactive"],
                [second, "success"],
              ]
            : [],
        );
        await at.deployments.settle(task, of(first));
        expect((await at.seen(task)).map(({ state }) => state)).toEqual(at.has ? ["success", "inactive"] : []);
        await expectSeen([], "preview:web:pr-8");
      }));

    it("shows none as active where nothing is there, and leaves other previews alone", () =>
      using(async (at, expectSeen) => {
        const commit = await at.push();
        expect(await at.deployments.settle(task, undefined)).toBe(false);
        for (const one of [task, "preview:web:pr-70", "preview:api:pr-7"]) await at.deployments.settle(one, of(commit));
        expect(await at.deployments.settle(task, undefined)).toBe(at.has);
        expect(await at.deployments.settle(task, undefined)).toBe(false);
        expect((await at.seen(task)).map(({ state }) => state)).toEqual(at.has ? ["inactive"] : []);
        for (const one of ["preview:web:pr-70", "preview:api:pr-7"]) {
          await expectSeen([{ commit, state: "success", page }], one);
        }
      }));

    it.each<[string, Partial<PreviewDeployment>[], SeenPreviewDeployment["state"]]>([
      ["in progress, then healthy", [{ state: "in-progress" }, { isChecked: true }], "success"],
      ["in progress, then not healthy", [{ state: "in-progress" }, { state: "failure", isChecked: true }], "failure"],
      ["finished does not begin again", [{}, { state: "in-progress" }], "success"],
      ["not healthy is not overruled by who did not look", [{ state: "failure", isChecked: true }, {}], "failure"],
      ["not healthy is healthy later", [{ state: "failure", isChecked: true }, { isChecked: true }], "success"],
    ])("what is %s", (_, told, state) =>
      using(async (at, expectSeen) => {
        const commit = await at.push();
        for (const one of told) await at.deployments.settle(task, of(commit, one));
        await expectSeen([{ commit, state, page }]);
      }),
    );

    it("says where it can be reached, also when that changes, or nothing", () =>
      using(async (at, expectSeen) => {
        const commit = await at.push();
        await at.deployments.settle(task, of(commit, { page: undefined, log: undefined }));
        await expectSeen([{ commit, state: "success", page: undefined }]);
        await at.deployments.settle(task, of(commit));
        await expectSeen([{ commit, state: "success", page }]);
      }));

    it("takes a long text and one with markup for text", () =>
      using(async (at, expectSeen) => {
        const commit = await at.push();
        await at.deployments.settle(task, of(commit, { description: `<b>\n@all ${"🚀".repeat(200)}` }));
        await expectSeen([{ commit, state: "success", page }]);
      }));

    it("refuses a commit that is not there, and says so", () =>
      using(async (at) => {
        await at.push();
        const told = at.deployments.settle(task, of("1".repeat(40)));
        if (!at.has) return expect(await told).toBe(false);
        await expect(told).rejects.toMatchObject({
          ...{ name: "GluError", code: expect.stringMatching(/^deployment\/(?:not-found|invalid)$/) },
          fix: expect.any(String),
        });
      }));
  });
}
