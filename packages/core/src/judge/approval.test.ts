import { expect, it } from "vitest";
import { approval } from "../gates/approval.ts";
import { envName } from "../model/names.ts";
import type { ReviewVerdict } from "../ports/approvals.ts";
import { noOutside } from "../ports/no-outside.ts";
import { promote } from "../promote/promote.ts";
import { artifactOf, environment, onMain, pipelineOf, world } from "../test-kit/memory.ts";
import { MemoryForge } from "../test-kit/memory-forge.ts";
import { MemoryStatuses } from "../test-kit/memory-statuses.ts";
import { refreshStatuses } from "./refresh.ts";

it("a proposal is opened without its approval, and may be merged when it is there: of its head, by another than who asked", async () => {
  const options = approval.options?.parse({ users: ["ada", "bob"] });
  const production = environment("production", {
    from: { mode: "all", environments: [envName("staging")] },
    propose: {},
    gates: [{ name: "approval", options }],
  });
  const artifact = artifactOf("web", 1);
  const pipeline = pipelineOf(["web"], [environment("staging", { policy: onMain }), production]);
  const { repository, ports, ask } = world({ apps: ["web"], pipeline, artifacts: [artifact] });
  const statuses = new MemoryStatuses();
  let verdicts: readonly ReviewVerdict[] = [];
  const asked: string[] = [];
  const approvals = {
    ...noOutside.approvals,
    authors: async () => ({ people: ["grace"], unknown: undefined }),
    ofProposal: async ({ number, head }: { number: number; head: string }) => {
      asked.push(`#${number} ${head}`);
      return { verdicts, url: undefined };
    },
  };
  Object.assign(ports, { proposing: new MemoryForge(repository), statuses, outside: { ...noOutside, approvals } });
  const into = (name: string) =>
    promote(
      ask({ apps: ["web"], environments: [name], artifact: artifact.id, actor: { name: "ada", verified: true } }),
      ports,
    );
  await into("staging");
  expect((await into("production")).result).toBe("proposed");
  const head = repository.proposed.get("refs/heads/glu/production/web" as never)?.commit;
  const state = async () => {
    await refreshStatuses({ apps: [], environments: [] }, ports);
    return statuses.at(head, "glu/production")?.state;
  };
  expect(await state()).toBe("pending");
  verdicts = [{ by: "ada", said: "approved", current: true }];
  expect(await state()).toBe("pending");
  verdicts = [{ by: "bob", said: "approved", current: false }];
  expect(await state()).toBe("pending");
  verdicts = [{ by: "bob", said: "approved", current: true }];
  expect(await state()).toBe("success");
  expect(new Set(asked)).toEqual(new Set([`#1 ${head}`]));
});
