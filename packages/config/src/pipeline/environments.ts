import { type Environment, type EnvName, type GateUse, isSafeByItself, refName } from "@glu/core";
import { describePath } from "../grammar/explain-issue.ts";
import type { ParsedEnvironment } from "../grammar/grammar.ts";
import { suggest } from "../source/nearest.ts";
import type { Path } from "../source/places.ts";
import { type Reading, report } from "./reading.ts";

/** The environments in the order of the file, their edges checked. */
export function readEnvironments(reading: Reading): Map<EnvName, Environment> {
  const environments = new Map<EnvName, Environment>();
  for (const key of reading.places.keys(["environments"])) {
    const parsed = reading.parsed.environments[key];
    if (parsed !== undefined) environments.set(key as EnvName, typed(reading, key as EnvName, parsed));
  }
  if (environments.size === 0) {
    const fix = "Declare at least one, such as: staging: { policy: { event: push, branch: main } }.";
    report(reading, ["environments"], "config/no-environment", "environments is empty.", fix);
  }
  for (const environment of environments.values()) {
    const path = ["environments", environment.name];
    countVerified(environment, environments);
    checkNames(reading, environment.from?.environments ?? [], environments, [...path, "from"]);
    checkAutomation(reading, environment, path);
    checkStrategy(reading, environment, path);
  }
  checkCycles(reading, environments);
  return environments;
}

function typed(reading: Reading, name: EnvName, parsed: ParsedEnvironment): Environment {
  const usesAt = (gates: readonly GateUse[], ...keys: string[]) =>
    gates.map((gate, index): GateUse => {
      const path = ["environments", name, ...keys, index, gate.name];
      return { ...gate, at: { path: describePath(path), line: reading.places.key(path).line } };
    });
  const { verify } = parsed;
  return {
    name,
    tier: parsed.tier,
    policy: parsed.policy ?? [],
    accept: parsed.accept ?? [],
    from:
      parsed.from === undefined ? undefined : { ...parsed.from, environments: parsed.from.environments as EnvName[] },
    auto: parsed.auto,
    gates: usesAt(parsed.gates ?? [], "gates"),
    ...(verify === undefined ? {} : { verify: { ...verify, gates: usesAt(verify.gates, "verify", "gates") } }),
    propose: parsed.propose ?? (parsed.strategy === "pull-request" ? {} : undefined),
    ...(parsed.notify === undefined ? {} : { notify: parsed.notify }),
    repository: parsed.repository,
    ref: parsed.ref === undefined ? undefined : refName(parsed.ref),
  };
}

/** What counts upstream depends on whether it is verified there. */
function countVerified({ from }: Environment, environments: ReadonlyMap<EnvName, Environment>): void {
  const counts = (from?.environments ?? []).flatMap((name): [EnvName, "healthy" | "released"][] => {
    const verify = environments.get(name)?.verify;
    return verify === undefined ? [] : [[name, verify.onFailure === "notify" ? "released" : "healthy"]];
  });
  if (from !== undefined && counts.length > 0) from.counts = new Map(counts);
}

/** Every name is declared, and once. */
export function checkNames(
  reading: Reading,
  names: readonly string[],
  environments: ReadonlyMap<EnvName, Environment>,
  path: Path,
): void {
  names.forEach((name, index) => {
    const at = placeOf(reading, path, index);
    if (!environments.has(name as EnvName)) {
      const fix = suggest(name, environments.keys(), "Declared are");
      report(reading, at, "config/unknown-environment", `No environment ${JSON.stringify(name)} is declared.`, fix, {
        seen: name,
      });
    } else if (names.indexOf(name) !== index) {
      const message = `The environment ${JSON.stringify(name)} is named twice.`;
      report(reading, at, "config/duplicate", message, "Name it once.", { seen: name });
    }
  });
}

/** Where the name of that index stands: a list, a list under `all` or `any`, or a single name. */
function placeOf(reading: Reading, path: Path, index: number): Path {
  const [mode] = reading.places.keys(path);
  return mode === undefined ? [...path, index] : [...path, mode, index];
}

function checkStrategy(reading: Reading, { name, propose }: Environment, path: Path): void {
  if (propose === undefined || reading.parsed.environments[name]?.strategy !== "commit") return;
  const message = `${name} has "propose", so its changes are not committed.`;
  const fix = 'Remove "propose", or write "strategy: pull-request".';
  report(reading, [...path, "strategy"], "config/strategy", message, fix, { on: "key" });
}

function checkAutomation(reading: Reading, environment: Environment, path: Path): void {
  const { name, policy, from, auto, gates } = environment;
  if (auto !== undefined && from === undefined) {
    const message = `${name} has no "from", so nothing comes there by itself.`;
    const fix = 'Say where it comes from, such as "from: staging", or remove auto.';
    report(reading, [...path, "auto"], "config/auto-without-upstream", message, fix, { on: "key" });
    return;
  }
  const soak = gates.findIndex((gate) => gate.name === "soak");
  if (soak >= 0 && from === undefined) {
    const message = `${name} has no "from", so there is nothing to soak in.`;
    const fix = 'Say where it comes from, such as "from: staging", or remove the gate.';
    report(reading, [...path, "gates", soak, "soak"], "config/gate-without-upstream", message, fix, { on: "key" });
    return;
  }
  if ((policy.length === 0 && auto === undefined) || isSafeByItself(environment)) return;
  const message = `${name} is of tier production and would be promoted by itself without having run anywhere before.`;
  const key = policy.length > 0 ? "policy" : "auto";
  const fix = `Add "from: <an environment>" and "gates: [{ soak: 30m }]", or remove "${key}" and promote by hand.`;
  report(reading, [...path, key], "config/unsafe-automation", message, fix, { on: "key" });
}

function checkCycles(reading: Reading, environments: ReadonlyMap<EnvName, Environment>): void {
  const done = new Set<EnvName>();
  const walk = (name: EnvName, trail: readonly EnvName[]): void => {
    const start = trail.indexOf(name);
    if (start >= 0) {
      const cycle = [...trail.slice(start), name].join(" <- ");
      const message = `Environments go round in a circle: ${cycle}.`;
      report(reading, ["environments", name, "from"], "config/cycle", message, 'Remove one "from".', { on: "key" });
      return;
    }
    if (done.has(name)) return;
    for (const upstream of environments.get(name)?.from?.environments ?? []) walk(upstream, [...trail, name]);
    done.add(name);
  };
  for (const name of environments.keys()) walk(name, []);
}
