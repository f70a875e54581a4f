import type { PromotionReport } from "@glu/report";
import { expect, it } from "vitest";
import { externalLinks } from "./external-links.ts";

const commit = (digit: string) => digit.repeat(40);
const links = {
  run: "https://gitlab.example/acme/config/-/pipelines/42",
  commit: (sha: string) => `https://gitlab.example/acme/config/-/commit/${sha}`,
};
const urls = ({ decisions = [], ...report }: { decisions?: object[]; [name: string]: unknown }) => {
  const all = decisions.map((one) => ({ gates: [], ...one }));
  const whole = { result: "promoted", links, ...report, decisions: all } as unknown as PromotionReport;
  return externalLinks(whole).map(({ title, url }) => [title, url]);
};
const run = ["Run that decided: promoted", links.run];

it("a promotion links to its commit and its run", () => {
  const report = { commit: commit("a"), decisions: [{ commit: commit("a") }, { commit: undefined }] };
  expect(urls(report)).toEqual([["Release commit aaaaaaa", links.commit(commit("a"))], run]);
});

it("a repeated request links to the commit it made before", () => {
  expect(urls({ decisions: [{ commit: commit("b") }] })[0]).toEqual([
    "Release commit bbbbbbb",
    links.commit(commit("b")),
  ]);
});

it("a commit of another repository, or without an address, has no link", () => {
  const report = { decisions: [{ commit: commit("c") }], commitsElsewhere: [{ commit: commit("c") }] };
  expect(urls(report)).toEqual([run]);
  expect(urls({ commit: commit("a"), links: {} })).toEqual([]);
});

it("what is held links to what its gates looked at", () => {
  const page = "https://gitlab.example/acme/smoke/-/pipelines/61";
  const gates = [
    { name: "workflow", met: false, url: page },
    { name: "workflow", met: true, url: page },
    { name: "pin", met: false },
  ];
  const intent = { app: "web", environment: "production" };
  expect(urls({ decisions: [{ intent, gates }] })).toEqual([run, ["workflow: web → production", page]]);
});
