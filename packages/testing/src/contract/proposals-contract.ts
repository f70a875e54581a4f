import type { Proposal, ProposalPlace, Proposals, RefName } from "@glu/core";
import { describe, expect, it, vi } from "vitest";

/** A repository of a forge with a config branch, and people who do what people do there. */
export interface ProposalsFixture extends AsyncDisposable {
  proposals: Proposals;
  base: RefName;
  /** Puts one commit on a branch, which is then in front of the base. @returns the commit */
  push(branch: RefName): Promise<string>;
  merge(number: number): Promise<void>;
  /** Removes a branch, as forges do with one that was merged. */
  removeBranch(branch: RefName): Promise<void>;
  /** From now on a status named `ci` is required of what is merged into the base. */
  requireStatus(): Promise<void>;
  /** That status, of the newest commit of one. */
  pass(number: number): Promise<void>;
  close(number: number): Promise<void>;
  /** Somebody else opens one from a branch that is there. */
  openAsOther(place: ProposalPlace, body: string): Promise<number>;
  /** What people see of one. */
  seen(number: number): Promise<{
    title: string;
    body: string;
    draft: boolean;
    labels: string[];
    assignees: string[];
    reviewers: string[];
    comments: string[];
  }>;
  /** Users who may review and be assigned. */
  people: readonly [string, string];
}

const plain = { draft: false, labels: [], reviewers: [], assignees: [] };
const text = { title: "Promote web to production: v1.2.0", body: "The plan: `a` → `b`.\n\n<!-- glu:proposal {} -->\n" };

/** A forge may leave out the white space at the end of a body: GitLab does. */
const trimmed = <T extends { body: string }>(one: T): T => ({ ...one, body: one.body.trimEnd() });

/** What every {@link Proposals} must do. `create` makes a repository with an empty list of them. */
export function proposalsContract(name: string, create: () => Promise<ProposalsFixture>): void {
  let count = 0;
  const using = async (test: (at: ProposalsFixture, place: ProposalPlace, tip: string) => Promise<void>) => {
    await using fixture = await create();
    const branch = `refs/heads/glu/production/web-${++count}` as RefName;
    const tip = await fixture.push(branch);
    await test(fixture, { branch, base: fixture.base }, tip);
  };
  const only = async ({ proposals }: ProposalsFixture, place: ProposalPlace): Promise<Proposal> => {
    const found = await proposals.of(place);
    expect(found).toHaveLength(1);
    return found[0] as Proposal;
  };

  describe(`${name} as proposals`, () => {
    it("opens one, and finds it by its branches", () =>
      using(async (at, place, tip) => {
        expect(await at.proposals.of(place)).toEqual([]);
        const opened = await at.proposals.open(place, text, plain);
        expect(trimmed(opened)).toMatchObject({
          state: "open",
          head: tip,
          mergedAt: undefined,
          body: text.body.trimEnd(),
        });
        expect(opened.url).toMatch(/^https?:\/\/.*\d+$/);
        expect(await only(at, place)).toEqual(opened);
        const seen = { ...trimmed(text), draft: false, labels: [], comments: [] };
        expect(trimmed(await at.seen(opened.number))).toMatchObject(seen);
        expect(await at.proposals.of({ ...place, branch: `${place.branch}-2` as RefName })).toEqual([]);
        expect(await at.proposals.of({ ...place, base: "refs/heads/other" as RefName })).toEqual([]);
      }));

    it("opens it with labels that are there or not, with who is asked, and as a draft", () =>
      using(async (at, place) => {
        const [ada, bob] = at.people;
        const settings = { draft: true, labels: ["release", "glu: web"], reviewers: [ada], assignees: [bob] };
        const { number } = await at.proposals.open(place, text, settings);
        const seen = await at.seen(number);
        expect({ ...seen, labels: seen.labels.sort() }).toMatchObject({
          draft: true,
          labels: ["glu: web", "release"],
          reviewers: [ada],
          assignees: [bob],
        });
        const another = `${place.branch}-b` as RefName;
        await at.push(another);
        const again = await at.proposals.open({ ...place, branch: another }, text, { ...plain, labels: ["release"] });
        expect((await at.seen(again.number)).labels).toEqual(["release"]);
      }));

    it("opens no second one of a place, and gives the first the new text", () =>
      using(async (at, place) => {
        const { number } = await at.proposals.open(place, text, plain);
        const second = await at.proposals.open(place, { ...text, title: "Another" }, plain);
        expect(second.number).toBe(number);
        expect((await at.seen(number)).title).toBe("Another");
        await only(at, place);
      }));

    it("updates the text in place", () =>
      using(async (at, place) => {
        const { number } = await at.proposals.open(place, text, plain);
        await at.proposals.update(number, { title: "Newer", body: "Ünïcode 名前\n" });
        expect(trimmed(await at.seen(number))).toMatchObject({ title: "Newer", body: "Ünïcode 名前", draft: false });
        expect(trimmed(await only(at, place)).body).toBe("Ünïcode 名前");
      }));

    it("keeps a draft one when its text is updated, also by one who opens it again", () =>
      using(async (at, place) => {
        const draft = { ...plain, draft: true };
        const { number } = await at.proposals.open(place, text, draft);
        await at.proposals.update(number, { ...text, title: "Newer" });
        expect(await at.seen(number)).toMatchObject({ title: "Newer", draft: true });
        await at.proposals.open(place, { ...text, title: "Newest" }, draft);
        expect(await at.seen(number)).toMatchObject({ title: "Newest", draft: true });
      }));

    it("shows a body whole, also lines that begin with a slash", () =>
      using(async (at, place) => {
        const body = "The plan.\n/close\n/merge now\n\n```\n/approve\n```\n<!-- glu:proposal {} -->";
        const { number } = await at.proposals.open(place, { ...text, body }, plain);
        expect(await only(at, place)).toMatchObject({ number, state: "open" });
        const shown = (await at.seen(number)).body;
        for (const line of body.split("\n")) expect(shown).toContain(line);
      }));

    it("closes one with a reason, and opens another after it", () =>
      using(async (at, place) => {
        const { number } = await at.proposals.open(place, text, plain);
        await at.proposals.close(number, "Replaced by a newer one.");
        expect((await at.seen(number)).comments).toEqual(["Replaced by a newer one."]);
        expect(await only(at, place)).toMatchObject({ number, state: "closed", mergedAt: undefined });
        const next = await at.proposals.open(place, text, plain);
        expect((await at.proposals.of(place)).map((one) => [one.number, one.state])).toEqual([
          [next.number, "open"],
          [number, "closed"],
        ]);
      }));

    it("tells what was merged by people, and when", () =>
      using(async (at, place) => {
        const { number } = await at.proposals.open(place, text, plain);
        const before = Date.now();
        await at.merge(number);
        const { state, mergedAt } = await only(at, place);
        expect(state).toBe("merged");
        // Forges tell whole seconds.
        expect(Date.parse(mergedAt ?? "")).toBeGreaterThanOrEqual(before - 1000);
        expect(Date.parse(mergedAt ?? "")).toBeLessThanOrEqual(Date.now() + 1000);
      }));

    it("tells what was merged and what was closed also when its branch is gone", () =>
      using(async (at, place, tip) => {
        const first = await at.proposals.open(place, text, plain);
        await at.close(first.number);
        const second = await at.proposals.open(place, text, plain);
        await at.merge(second.number);
        await at.removeBranch(place.branch);
        expect(await at.proposals.of(place)).toMatchObject([
          { number: second.number, state: "merged", head: tip },
          { number: first.number, state: "closed" },
        ]);
      }));

    it("closes one with another text, and says why once", () =>
      using(async (at, place) => {
        const { number } = await at.proposals.open(place, text, plain);
        await at.proposals.close(number, "Replaced.", "Not any more.\n");
        await at.proposals.close(number, "Replaced.", "Not any more.\n");
        expect(trimmed(await only(at, place))).toMatchObject({ state: "closed", body: "Not any more." });
        expect((await at.seen(number)).comments).toEqual(["Replaced."]);
      }));

    it("tells what was merged, also when people pushed to the branch before", () =>
      using(async (at, place) => {
        const { number } = await at.proposals.open(place, text, plain);
        const pushed = await at.push(place.branch);
        await at.merge(number);
        expect(await only(at, place)).toMatchObject({ state: "merged", head: pushed });
      }));

    describe("that the forge merges by itself", () => {
      const later = async (at: ProposalsFixture, place: ProposalPlace, state: Proposal["state"]) =>
        vi.waitFor(async () => expect((await only(at, place)).state).toBe(state), { timeout: 30_000, interval: 100 });

      it("is merged once what is required is met, and was not before", () =>
        using(async (at, place) => {
          await at.requireStatus();
          const { number } = await at.proposals.open(place, text, plain);
          expect(await at.proposals.setAutoMerge(number, true)).toBe(true);
          expect(await at.proposals.setAutoMerge(number, true)).toBe(true);
          expect((await only(at, place)).state).toBe("open");
          await at.pass(number);
          await later(at, place, "merged");
          // What stands in no way any longer is no error.
          expect(await at.proposals.setAutoMerge(number, true)).toBe(true);
          expect(await at.proposals.setAutoMerge(number, false)).toBe(true);
        }));

      it("is not merged when nothing is required, which would be at once", () =>
        using(async (at, place) => {
          const { number } = await at.proposals.open(place, text, plain);
          expect(await at.proposals.setAutoMerge(number, true)).toBe(false);
          expect(await at.proposals.setAutoMerge(number, false)).toBe(true);
          await at.pass(number);
          expect((await only(at, place)).state).toBe("open");
        }));

      it("is not merged as long as it is a draft", () =>
        using(async (at, place) => {
          await at.requireStatus();
          const { number } = await at.proposals.open(place, text, { ...plain, draft: true });
          expect(await at.proposals.setAutoMerge(number, true)).toBe(false);
        }));

      it("is not merged when it no longer is to be", () =>
        using(async (at, place) => {
          await at.requireStatus();
          const { number } = await at.proposals.open(place, text, plain);
          expect(await at.proposals.setAutoMerge(number, true)).toBe(true);
          expect(await at.proposals.setAutoMerge(number, false)).toBe(true);
          expect(await at.proposals.setAutoMerge(number, false)).toBe(true);
          await at.pass(number);
          expect((await only(at, place)).state).toBe("open");
        }));

      it("is not merged when it was closed", () =>
        using(async (at, place) => {
          await at.requireStatus();
          const { number } = await at.proposals.open(place, text, plain);
          await at.close(number);
          expect(await at.proposals.setAutoMerge(number, true)).toBe(false);
          expect(await at.proposals.setAutoMerge(number, false)).toBe(true);
        }));
    });

    it("tells what was closed by people", () =>
      using(async (at, place) => {
        const { number } = await at.proposals.open(place, text, plain);
        await at.close(number);
        expect(await only(at, place)).toMatchObject({ number, state: "closed" });
      }));

    it("does not take one of somebody else for its own, whatever it says", () =>
      using(async (at, place) => {
        const number = await at.openAsOther(place, text.body);
        expect(await at.proposals.of(place)).toEqual([]);
        const { branch, base } = place;
        expect(await at.proposals.others(place)).toEqual([
          {
            number,
            url: expect.stringMatching(/^https?:/),
            base,
            own: false,
            by: expect.any(String),
            body: expect.any(String),
          },
        ]);
        await at.close(number);
        expect(await at.proposals.others(place)).toEqual([]);
        expect(await at.proposals.others({ base, branch: `${branch}-2` as RefName })).toEqual([]);
      }));

    it("tells of one that somebody else opened once it is merged, and where what it proposed still is", () =>
      using(async (at, place, tip) => {
        const number = await at.openAsOther(place, text.body);
        expect(await at.proposals.mergedByOthers(place)).toEqual([]);
        await at.merge(number);
        await at.removeBranch(place.branch);
        const [merged, ...more] = await at.proposals.mergedByOthers(place);
        expect(more).toEqual([]);
        expect(merged).toMatchObject({ number, state: "merged", head: tip, mergedAt: expect.any(String) });
        expect(merged?.ref).toMatch(new RegExp(`^refs/(?:pull|merge-requests)/${number}/head$`));
        expect(await at.proposals.mergedByOthers({ ...place, base: "refs/heads/other" as RefName })).toEqual([]);
        const own = { ...place, branch: `${place.branch}-own` as RefName };
        await at.push(own.branch);
        await at.merge((await at.proposals.open(own, text, plain)).number);
        expect(await at.proposals.mergedByOthers(own)).toEqual([]);
      }));

    it("tells of one of the same branch that goes into another one", () =>
      using(async (at, place) => {
        const base = `refs/heads/releases-${place.branch.split("/").at(-1)}` as RefName;
        await at.push(base);
        await at.push(place.branch);
        const { number } = await at.proposals.open({ ...place, base }, text, plain);
        expect(await at.proposals.others(place)).toMatchObject([{ number, base, own: true }]);
        expect(await at.proposals.others({ ...place, base })).toEqual([]);
        const here = await at.proposals.open(place, text, plain);
        expect(here.number).not.toBe(number);
        expect(await at.proposals.others({ ...place, base })).toMatchObject([{ number: here.number, own: true }]);
      }));

    it.each(["reviewers", "assignees"] as const)("says that %s must be corrected who are nobody there", (role) =>
      using(async (at, place) => {
        const settings = { ...plain, [role]: ["nobody-there"] };
        await expect(at.proposals.open(place, text, settings)).rejects.toMatchObject({
          code: expect.stringMatching(/^proposal\/(?:invalid|unknown-user)$/),
          fix: expect.stringContaining(role),
        });
      }),
    );

    it("refuses a branch that is not there, and says so", () =>
      using(async (at, place) => {
        const gone = { ...place, branch: "refs/heads/glu/production/gone" as RefName };
        await expect(at.proposals.open(gone, text, plain)).rejects.toMatchObject({
          name: "GluError",
          code: expect.stringMatching(/^proposal\//),
          fix: expect.any(String),
        });
      }));
  });
}
