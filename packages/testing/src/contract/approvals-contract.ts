import type { Approvals } from "@glu/core";
import { describe, expect, it } from "vitest";

/** A repository of a forge, and the people who propose and review there. */
export interface ApprovalsFixture extends AsyncDisposable {
  approvals: Approvals;
  repository: string;
  /** Ada writes; bob and carol review. */
  people: { ada: string; bob: string; carol: string };
  /** Ada opens a pull request with a commit of hers. */
  propose(): Promise<{ number: number; head: string }>;
  /** Ada puts another commit on its branch. @returns the new head */
  push(number: number): Promise<string>;
  review(number: number, by: string, said: "approve" | "reject" | "comment"): Promise<void>;
  /** Merges it. @returns the commit that it made */
  merge(number: number): Promise<string>;
  /** Ada puts a commit on the main branch, past pull requests, without a signature. */
  pushToMain(): Promise<string>;
  /** Somebody whom the forge does not know wrote a commit that is on the branch. */
  pushAsStranger(number: number): Promise<string>;
}

const never = new AbortController().signal;

/** What every {@link Approvals} must do. `create` makes a repository. */
export function approvalsContract(name: string, create: () => Promise<ApprovalsFixture>): void {
  const using = async (test: (at: ApprovalsFixture) => Promise<void>) => {
    await using fixture = await create();
    await test(fixture);
  };
  const said = async ({ approvals, repository }: ApprovalsFixture, at: { number: number; head: string }) => {
    const { verdicts } = await approvals.ofProposal({ repository, ...at }, never);
    return verdicts.map((one) => [one.by, one.said, one.current]).sort();
  };

  describe(`${name} as approvals`, () => {
    it("tells who has approved a proposal", () =>
      using(async (at) => {
        const proposal = await at.propose();
        const { bob, carol } = at.people;
        expect(await said(at, proposal)).toEqual([]);
        await at.review(proposal.number, carol, "comment");
        await at.review(proposal.number, bob, "approve");
        expect(await said(at, proposal)).toEqual([[bob, "approved", true]]);
        await at.review(proposal.number, carol, "approve");
        expect(await said(at, proposal)).toEqual([
          [bob, "approved", true],
          [carol, "approved", true],
        ]);
      }));

    it("does not count what was approved before the last commit", () =>
      using(async (at) => {
        const { bob, carol } = at.people;
        const proposal = await at.propose();
        await at.review(proposal.number, bob, "approve");
        const head = await at.push(proposal.number);
        await at.review(proposal.number, carol, "approve");
        const found = await said(at, { ...proposal, head });
        expect(found.filter(([, , current]) => current)).toEqual([[carol, "approved", true]]);
        // Whoever looks at an older head approves nothing of the newer one.
        expect(await said(at, proposal)).not.toContainEqual([carol, "approved", true]);
      }));

    it("tells who wants changes, until that person approves", () =>
      using(async (at) => {
        const { bob } = at.people;
        const proposal = await at.propose();
        await at.review(proposal.number, bob, "reject");
        expect((await said(at, proposal)).map(([by, what]) => [by, what])).toEqual([[bob, "rejected"]]);
        await at.review(proposal.number, bob, "approve");
        expect(await said(at, proposal)).toEqual([[bob, "approved", true]]);
      }));

    it("tells by whom and by which reviews a merged commit came", () =>
      using(async (at) => {
        const { ada, bob } = at.people;
        const { approvals, repository } = at;
        const { number } = await at.propose();
        await at.review(number, bob, "approve");
        const commit = await at.merge(number);
        const source = await approvals.ofSource({ repository, commit }, never);
        expect(source?.verdicts).toMatchObject([{ by: bob, said: "approved", current: true }]);
        expect(source?.url).toMatch(new RegExp(`^https?://.*${number}$`));
        const authors = await approvals.authors({ repository, commit }, never);
        expect(authors.unknown).toBeUndefined();
        expect(authors.people).toContain(ada);
        expect(authors.people).not.toContain(bob);
      }));

    it("does not know who wrote what was only pushed", () =>
      using(async (at) => {
        const { approvals, repository } = at;
        const commit = await at.pushToMain();
        expect(await approvals.ofSource({ repository, commit }, never)).toBeUndefined();
        const { unknown } = await approvals.authors({ repository, commit }, never);
        expect(unknown).toContain(commit.slice(0, 7));
      }));

    it("does not know all who wrote a pull request with a stranger's commit", () =>
      using(async (at) => {
        const { number } = await at.propose();
        await at.pushAsStranger(number);
        const commit = await at.merge(number);
        const { unknown } = await at.approvals.authors({ repository: at.repository, commit }, never);
        expect(unknown).toMatch(/does not know who wrote/);
      }));

    it("does not take what is not there for what nobody has approved", () =>
      using(async (at) => {
        const { approvals, repository } = at;
        const refused = { kind: "outside", code: expect.stringMatching(/^approval\/(?:not-found|invalid-request)$/) };
        const gone = { repository: `${repository}-gone`, commit: "1".repeat(40) };
        await expect(approvals.authors(gone, never)).rejects.toMatchObject(refused);
        await expect(approvals.authors({ ...gone, repository }, never)).rejects.toMatchObject(refused);
        const proposal = { repository, number: 999, head: "1".repeat(40) };
        await expect(approvals.ofProposal(proposal, never)).rejects.toMatchObject(refused);
      }));
  });
}
