// Adds up what .ci/run has run. For every <suite>.exit in the folder: the tests of <suite>.json (Vitest's JSON report),
// or, without a report, one by the exit code. Nothing that ended badly can count as passed only.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

const folder = process.argv[2];
const secondsOf = (suite) => readFileSync(join(folder, `${suite}.seconds`), "utf8").trim();

/** What is printed of a failure at most, in characters. */
const mostOfOne = 1500;

function count(suite) {
  const exit = Number(readFileSync(join(folder, `${suite}.exit`), "utf8"));
  const report = join(folder, `${suite}.json`);
  if (!existsSync(report)) {
    const why = exit === 124 ? "It was ended at the limit for all suites." : `It ended with ${exit}.`;
    const failures = exit === 0 ? [] : [{ name: suite, why: `${why} It left no report; its log is above.` }];
    return { passed: exit === 0 ? 1 : 0, failed: failures.length, skipped: [], failures };
  }
  const { testResults } = JSON.parse(readFileSync(report, "utf8"));
  const tests = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map((test) => ({ ...test, file: relative(process.cwd(), name) })),
  );
  const having = (...states) => tests.filter(({ status }) => states.includes(status));
  // A file that cannot be loaded has no tests, and is one failure.
  const broken = testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  const failed = having("failed").length + broken.length;
  return {
    passed: having("passed").length,
    failed: exit !== 0 && failed === 0 ? 1 : failed,
    skipped: having("pending", "skipped", "todo", "disabled").map(({ fullName, file }) => ({ name: fullName, file })),
    failures: [
      ...having("failed").map(({ fullName, failureMessages }) => ({ name: fullName, why: failureMessages.join("\n") })),
      ...broken.map(({ name, message }) => ({ name, why: message })),
    ],
  };
}

/** How many of each file were skipped; by name where they are few. */
function skips(skipped) {
  const files = [...new Set(skipped.map(({ file }) => file))];
  return files.flatMap((file) => {
    const names = skipped.filter((one) => one.file === file).map(({ name }) => `${name} (${file})`);
    return names.length > 3 ? [`${names.length} of ${file}`] : names;
  });
}

const total = { passed: 0, failed: 0 };
console.log(`tools: ${secondsOf("tools")} s`);
for (const file of readdirSync(folder).filter((name) => name.endsWith(".exit"))) {
  const suite = file.slice(0, -".exit".length);
  const { passed, failed, skipped, failures } = count(suite);
  console.log(`${suite}: ${passed} passed, ${failed} failed, ${skipped.length} skipped, in ${secondsOf(suite)} s`);
  for (const line of skips(skipped)) console.log(`  SKIPPED: ${line}`);
  // Once more and at the end: of a long log, the end is what is kept and read.
  for (const { name, why } of failures) {
    console.log(`  FAILED: ${name}\n${why.slice(0, mostOfOne).replaceAll(/^/gm, "    ")}`);
  }
  total.passed += passed;
  total.failed += failed;
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
