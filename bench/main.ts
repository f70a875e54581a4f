// Measures what a promotion costs, beside what pipelines do without Glu, in one run on this machine: npm run bench
// Git servers are on loopback behind a link of a settable round trip. Nothing outside this machine is asked.
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { type Options, readOptions, type SuiteName, usage } from "./options.ts";
import { table } from "./report/table.ts";
import {
  contentionTable,
  downloadTable,
  promotionTable,
  reconcileTable,
  scheduleTable,
  startTable,
  statusTable,
  yamlTable,
} from "./report/tables.ts";
import { run } from "./repositories/cache.ts";
import { type ContentionRow, measureContention } from "./suites/contention.ts";
import { measureDownloads } from "./suites/download.ts";
import { measurePromotions } from "./suites/promotion.ts";
import { findings, measureReconcile, type ReconcileRow } from "./suites/reconcile.ts";
import { measureSchedule, type ScheduleRow } from "./suites/schedule.ts";
import { measureStarts } from "./suites/start.ts";
import { measureStatus, type StatusRow } from "./suites/status.ts";
import { measureYaml } from "./suites/yaml.ts";
import { Programs, root } from "./ways/programs.ts";
import { bareCommits, depthOne, fullClone, promoteByGit, promoteByWire, pullRebase } from "./ways/ways.ts";

/** The repository of the contention: the middle one. */
const contended = 8000;
/** Those of a scheduled run. */
const scheduledApps = 50;
/** The matrix of `status` and `reconcile`: apps in four environments each. */
const statusApps = 500;
/** Of these, apps that were built since the last run. */
const builtApps = 25;

interface Measured {
  title: string;
  table: string;
  rows: readonly object[];
}

const measure: Record<SuiteName, (options: Options, programs: Programs) => Promise<Measured>> = {
  async promotion({ sizes, runs, ...options }, programs) {
    const bare = bareCommits(await programs.bundle("bare-commit"));
    const ways = [promoteByWire, promoteByGit, ...bare, fullClone, depthOne];
    const onRow = ({ files, way }: { files: number; way: string }) => say(`${files} files, ${way}`);
    const rows = await measurePromotions({ sizes, ways, runs, link: options, onRow });
    return { title: "One change", table: promotionTable(rows, depthOne.name), rows };
  },
  async contention({ writers: counts, ...options }) {
    const ways = [promoteByWire, promoteByGit, pullRebase];
    const onRow = ({ writers, way, failed, lost, pushes }: ContentionRow) =>
      say(`${writers} writers, ${way}: ${failed} failed, ${lost} lost, ${pushes} pushes`);
    const rows = await measureContention({ files: contended, writers: counts, ways, link: options, onRow });
    return { title: `Many writers, one branch, ${contended} files`, table: contentionTable(rows), rows };
  },
  async status({ runs, ...link }) {
    const rows: StatusRow[] = [];
    for (const records of ["few", "full"] as const) {
      for (const transport of ["wire", "git"] as const) {
        rows.push(await measureStatus({ apps: statusApps, records, transport, runs, link }));
        say(`${records} records, ${transport}`);
      }
    }
    return { title: "All that runs, in one matrix", table: statusTable(rows), rows };
  },
  async schedule({ runs, ...link }) {
    const rows: ScheduleRow[] = [];
    for (const newer of [0, scheduledApps]) {
      for (const transport of ["wire", "git"] as const) {
        rows.push(await measureSchedule({ apps: scheduledApps, newer, transport, runs, link }));
        say(`${newer} newer, ${transport}`);
      }
    }
    return { title: "All apps by their policies", table: scheduleTable(rows), rows };
  },
  async reconcile({ runs, ...link }) {
    const rows: ReconcileRow[] = [];
    for (const found of findings) {
      rows.push(await measureReconcile({ apps: statusApps, found, builds: builtApps, runs, link }));
      say(found);
    }
    return { title: "Everything, by one run", table: reconcileTable(rows), rows };
  },
  async start({ runs }) {
    const rows = await measureStarts(2 * runs);
    return { title: "Cold start", table: startTable(rows), rows };
  },
  async download() {
    const rows = measureDownloads();
    return { title: "What a runner downloads", table: downloadTable(rows), rows };
  },
  async yaml({ runs }) {
    const rows = measureYaml([10_000, 1_000_000], runs);
    return { title: "One value in a YAML file", table: yamlTable(rows), rows };
  },
};

/** Progress goes beside the tables. */
function say(text: string): void {
  process.stderr.write(`  ${text}\n`);
}

async function main(options: Options): Promise<void> {
  const { only, roundTrip, bandwidth, runs } = options;
  const line = bandwidth === Number.POSITIVE_INFINITY ? "no limit" : `${(bandwidth * 8) / 1_000_000} Mbit/s`;
  const setting = [
    ["commit", run(root, ["describe", "--always", "--dirty"])],
    ["Node, Git", `${process.version}, ${run(root, ["--version"]).replace("git version ", "")}`],
    ["CPUs, load before", `${cpus().length}, ${loadavg()[0]?.toFixed(1)}`],
    ["round trip, bandwidth", `${roundTrip} ms, ${line}`],
    ["runs", String(runs)],
  ];
  console.log(`${table(["setting", "value"], setting)}\n\nTimes in milliseconds.`);
  using programs = new Programs();
  const results: Record<string, readonly object[]> = {};
  for (const name of only) {
    say(`${name}:`);
    const { title, table: text, rows } = await measure[name](options, programs);
    console.log(`\n${title}\n\n${text}`);
    results[name] = rows;
    // After each, so that a long run that is ended has given what it measured.
    if (options.json !== undefined) {
      writeFileSync(options.json, `${JSON.stringify({ setting: Object.fromEntries(setting), ...results }, null, 2)}\n`);
    }
  }
}

let options: Options | undefined;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  console.error(`${(error as Error).message}\n\n${usage}`);
  process.exitCode = 2;
}
if (options !== undefined) await main(options);
