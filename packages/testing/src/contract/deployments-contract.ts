import type { Deployment, Deployments } from "@glu/core";
import { describe, expect, it } from "vitest";

/** A deployment as people see it. */
export interface SeenDeployment {
  commit: string;
  state: Deployment["state"] | "inactive";
  page: string | undefined;
}

/** A repository of a forge, and what people see there. */
export interface DeploymentsFixture extends AsyncDisposable {
  deployments: Deployments;
  /** Puts a commit on `main`. @returns the commit */
  push(): Promise<string>;
  /** Those of an environment, oldest first; where a forge keeps none, none. */
  seen(environment: string): Promise<SeenDeployment[]>;
  /** Whether it has deployments at all. */
  has: boolean;
}

const page = "https://web.example.org";

/** What every {@link Deployments} must do. `create` makes a repository. */
export function deploymentsContract(name: string, create: () => Promise<DeploymentsFixture>): void {
  let count = 0;
  const of = (commit: string, more: Partial<Deployment> = {}): Deployment => ({
    of: { request: `request-${++count}`, app: "web", environment: "production" },
    environment: "production/web",
    tier: "production",
    isTransient: false,
    commit,
    ref: { name: "main", isTag: false },
    description: "v1.2.0",
    facts: { artifact: "20260101t000000z-0123456789ab" },
    state: "in-progress",
    page,
    log: "https://example.org/runs/1",
    ...more,
  });
  const using = async (test: (at: DeploymentsFixture, expectSeen: Expect) => Promise<void>) => {
    await using fixture = await create();
    const expectSeen: Expect = async (expected, environment = "production/web") => {
      expect(await fixture.seen(environment)).toEqual(fixture.has ? expected : []);
    };
    await test(fixture, expectSeen);
  };

  describe(`${name} as deployments`, () => {
    it("tells of one, and gives its page", () =>
      using(async (at, expectSeen) => {
        const commit = await at.push();
        const url = await at.deployments.tell(of(commit));
        if (at.has) expect(url).toMatch(/^https?:\/\//);
        else expect(url).toBeUndefined();
        await expectSeen([{ commit, state: "in-progress", page }]);
      }));

    it.each(["success", "failure"] as const)("brings it up to date when it is a %s", (state) =>
      using(async (at, expectSeen) => {
        const commit = await at.push();
        const deployment = of(commit);
        await at.deployments.tell(deployment);
        await at.deployments.tell({ ...deployment, state, description: "verified" });
        await expectSeen([{ commit, state, page }]);
      }),
    );

    it("tells of the same one once, however often and in whatever state it is told", () =>
      using(async (at, expectSeen) => {
        const commit = await at.push();
        const deployment = of(commit, { state: "success" });
        for (let times = 0; times < 3; times++) await at.deployments.tell(deployment);
        await at.deployments.tell({ ...deployment, log: "https://example.org/runs/2" });
        await expectSeen([{ commit, state: "success", page }]);
      }));

    it("ends what one takes the place of", () =>
      using(async (at, expectSeen) => {
        const [first, second] = [await at.push(), await at.push()];
        await at.deployments.tell(of(first, { state: "success" }));
        await at.deployments.tell(of(second, { state: "success" }));
        const seen = await at.seen("production/web");
        expect(seen.map(({ commit }) => commit)).toEqual(at.has ? [first, second] : []);
        // Where there is no such state, the newest that is a success is what runs.
        if (at.has) expect(["inactive", "success"]).toContain(seen[0]?.state);
        if (at.has) expect(seen[1]?.state).toBe("success");
        // Back again is another deployment.
        await at.deployments.tell(of(first, { state: "success" }));
        expect((await at.seen("production/web")).map(({ commit }) => commit)).toEqual(
          at.has ? [first, second, first] : [],
        );
        await expectSeen([], "staging");
      }));

    it("says where the app can be reached, also when that changes, or nothing", () =>
      using(async (at, expectSeen) => {
        const commit = await at.push();
        const deployment = of(commit, { page: undefined });
        await at.deployments.tell(deployment);
        await expectSeen([{ commit, state: "in-progress", page: undefined }]);
        const elsewhere = { ...deployment, page: "https://elsewhere.example.org" };
        await at.deployments.tell(elsewhere);
        await expectSeen([{ commit, state: "in-progress", page: elsewhere.page }]);
      }));

    it("takes a long text and one with markup for text", () =>
      using(async (at, expectSeen) => {
        const commit = await at.push();
        await at.deployments.tell(of(commit, { description: `<b>\n@all ${"🚀".repeat(200)}` }));
        await expectSeen([{ commit, state: "in-progress", page }]);
      }));

    it("refuses a commit that is not there, and says so", () =>
      using(async (at) => {
        await at.push();
        const task = at.deployments.tell(of("1".repeat(40)));
        if (!at.has) return expect(await task).toBeUndefined();
        await expect(task).rejects.toMatchObject({
          name: "GluError",
          code: expect.stringMatching(/^deployment\/(?:not-found|invalid)$/),
          fix: expect.any(String),
        });
      }));
  });
}

type Expect = (expected: SeenDeployment[], environment?: string) => Promise<void>;
