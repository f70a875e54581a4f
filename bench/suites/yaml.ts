import type { RepoPath } from "@glu/core";
import { yaml } from "@glu/editors";
import { type Spread, spread } from "../measure/statistics.ts";

export interface YamlRow {
  bytes: number;
  /** Milliseconds for one edit of one value, its check included. */
  edit: Spread;
  /** Bytes a second, at the median. */
  throughput: number;
}

const path = "values.yaml" as RepoPath;

/** Values of many services in one file, with what people write around them; the one that changes is in the middle. */
export function valuesOfSize(bytes: number): { text: string; selector: string } {
  const service = (number: number) => `service-${number}:
  # Owned by team ${number % 7}; ask before you scale.
  replicas:   ${1 + (number % 4)}
  image: { repository: ghcr.io/acme/service-${number}, tag: "1.${number}.0" } # by promotions
  env:
    - name: LOG_LEVEL
      value: 'info'
    - name: GREETING
      value: |
        Hello,
        ${"world ".repeat(3)}
`;
  const services: string[] = [];
  for (let length = 0; length < bytes; length += services.at(-1)?.length ?? 0) services.push(service(services.length));
  return { text: services.join(""), selector: `service-${Math.floor(services.length / 2)}.image.tag` };
}

/** Edits of one value in a file, in this process, after two that warm it up. @throws Error when it is refused */
export function measureYaml(sizes: readonly number[], runs: number): YamlRow[] {
  return sizes.map((size) => {
    const { text, selector } = valuesOfSize(size);
    const file = Buffer.from(text);
    const walls: number[] = [];
    for (let run = -2; run < runs; run++) {
      const options = { yaml: path, set: { [selector]: `2.${run + 3}.0` }, create: false };
      const started = performance.now();
      const edited = yaml.edit(options, new Map([[path, file]]));
      if (run >= 0) walls.push(performance.now() - started);
      if (edited.kind === "refused") throw new Error(edited.message);
    }
    const edit = spread(walls);
    return { bytes: file.length, edit, throughput: file.length / (edit.median / 1000) };
  });
}
