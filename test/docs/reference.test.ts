import { readFileSync } from "node:fs";
import { join } from "node:path";
import { historyLimit, keptArtifacts, keptUnknowing, OutsideError, RefusedError, results, UserError } from "@glu/core";
import { describe, expect, it } from "vitest";
import { filesOf, read, root, rowsOf } from "./pages.ts";

const codesIn = (cells: readonly (string | undefined)[]): string[] =>
  cells.flatMap((cell) => [...(cell ?? "").matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? ""));

describe("docs/reference.md", () => {
  it("has the results in their order, worst first", () => {
    expect(codesIn(rowsOf("docs/reference.md", "Results").map(([result]) => result))).toEqual([...results]);
  });

  it("has the exit codes of errors", () => {
    const codes = rowsOf("docs/reference.md", "Exit codes").map(([code]) => Number(code));
    expect(codes).toEqual([0, 1, 2, 3, 4]);
    const kinds = [UserError, RefusedError, OutsideError];
    expect(kinds.map((Kind) => new Kind("a/b", "c").exitCode)).toEqual([2, 3, 4]);
  });

  it("has the schema of every answer and file", () => {
    const sources = filesOf("packages/*.ts").filter(
      (path) => /\/src\//.test(path) && !/\.test\.ts$|\/golden\//.test(path),
    );
    const used = new Set(sources.flatMap((path) => read(path).match(/\bglu\.[a-z-]+\.v\d+\b/g) ?? []));
    const told = new Set(read("docs/reference.md").match(/\bglu\.[a-z-]+\.v\d+\b/g) ?? []);
    expect([...told].sort()).toEqual([...used].sort());
  });

  it("has the numbers that the code has", () => {
    const page = read("docs/reference.md");
    expect(page).toContain(`the ${historyLimit} releases before`);
    expect(page).toContain(`The newest ${keptArtifacts} are kept`);
    expect(page).toContain(`the newest ${keptUnknowing} are kept`);
  });

  it("has every variable of ours that the code reads, and no other", () => {
    const sources = filesOf("packages/*.ts", "gitlab/templates/*.yml").filter(
      (path) => !/\.test\.ts$|^packages\/(?:testing|report)\/|\/demo\//.test(path),
    );
    const used = new Set(sources.flatMap((path) => read(path).match(/(?<=env\.)GLU_[A-Z]+\b|\bGLU_BUNDLE\b/g) ?? []));
    used.delete("GLU_INPUT");
    const told = new Set(
      codesIn(rowsOf("docs/reference.md", "Environment variables").map(([name]) => name)).filter((name) =>
        /^GLU_[A-Z]+$/.test(name),
      ),
    );
    expect([...told].sort()).toEqual([...used].sort());
  });
});

describe("docs/architecture.md", () => {
  const rows = rowsOf("docs/architecture.md", "The house");

  it("has every package and what it imports of the others", () => {
    const told = rows.map(([name, , imports]) => [codesIn([name])[0], codesIn([imports])]);
    const real = filesOf("packages/*/package.json").map((path) => {
      const { name, dependencies = {} } = JSON.parse(readFileSync(join(root, path), "utf8"));
      const ours = Object.keys(dependencies).filter((one) => one.startsWith("@glu/"));
      return [name.replace("@glu/", ""), ours.map((one) => one.replace("@glu/", "")).sort()];
    });
    expect(told.toSorted()).toEqual(real.toSorted());
  });
});
