import { accept } from "./accept.ts";
import { actor } from "./actor.ts";
import { approval } from "./approval.ts";
import { checks } from "./checks.ts";
import { command } from "./command.ts";
import { images, source } from "./declared.ts";
import { drift } from "./drift.ts";
import { from } from "./from.ts";
import { functionGate } from "./function.ts";
import type { AnyGate } from "./gate.ts";
import { health } from "./health.ts";
import { freeze, pin } from "./holds.ts";
import { http } from "./http.ts";
import { inSet } from "./in-set.ts";
import { item } from "./item.ts";
import { manifest } from "./manifest.ts";
import { order } from "./order.ts";
import { prometheus } from "./prometheus.ts";
import { rate } from "./rate.ts";
import { rejected } from "./rejected.ts";
import { soak } from "./soak.ts";
import { window } from "./window.ts";
import { workflow } from "./workflow.ts";

/** Those that always apply, in the order in which people read them. */
export const standingGates: readonly AnyGate[] = [
  source,
  images,
  manifest,
  accept,
  from,
  inSet,
  order,
  rejected,
  pin,
  freeze,
  drift,
];

/** Those that an environment asks for under `gates`. Adding one is a file and a line here. */
export const configurableGates: readonly AnyGate[] = [
  soak,
  window,
  rate,
  item,
  actor,
  checks,
  approval,
  http,
  command,
  workflow,
  health,
  prometheus,
];

/** Those that a config which is a program may ask for: its functions, too. */
export const programGates: readonly AnyGate[] = [...configurableGates, functionGate];
