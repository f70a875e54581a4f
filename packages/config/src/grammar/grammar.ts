import { type AnyGate, type Editor, refName } from "@glu/core";
import { z } from "zod";
import { app, defaults, discover } from "./app.ts";
import { breakGlass } from "./break-glass.ts";
import { environment } from "./environment.ts";
import { freezes } from "./freezes.ts";
import { appKey, environmentKey } from "./names.ts";
import { previews } from "./previews.ts";
import { examples, text, tried } from "./text.ts";
import { gateEntry, writeEntry } from "./write.ts";

/** What the config can be made of: the kinds of write and the gates that this build has. */
export interface Offer {
  editors: readonly Editor[];
  gates: readonly AnyGate[];
}

const store = text({
  description: "Where artifacts are kept: git (in refs of a repository) or file:<path>.",
  pattern: /^(?:git|file:[\s\S]+)$/,
  check: (value) => {
    if (/^(?:git|file:[\s\S]+)$/.test(value)) return undefined;
    const fix = "Use git or file:<path>.";
    return value.startsWith("oci:")
      ? { message: "is a kind of store that is not built yet", code: "config/not-yet", fix }
      : { message: "is not a store", code: "config/store", fix };
  },
});

const storeRef = text({
  description: "Where the git store keeps them; the app's name is added. Default refs/glu/artifacts.",
  pattern: /^refs\/[^\s]+$/,
  check: (value) =>
    value.startsWith("refs/")
      ? tried(() => refName(value), "is not a ref")
      : {
          message: "is not a full ref",
          code: "config/ref",
          fix: "Write refs/glu/artifacts or refs/heads/glu/artifacts.",
        },
});

const version = z.literal(1).describe("The version of this format. Write version: 1.");

type Grammar = ReturnType<typeof build>;
const built = new WeakMap<Offer["editors"], WeakMap<Offer["gates"], Grammar>>();

/**
 * The grammar of `glu.yaml` without what only the whole file can tell, such as whether a name is declared. Kept by the
 * lists it is made of, since making it costs more than reading a small file.
 */
export function grammar(offer: Offer): Grammar {
  const byGates = built.get(offer.editors) ?? new WeakMap<Offer["gates"], Grammar>();
  built.set(offer.editors, byGates);
  const made = byGates.get(offer.gates) ?? build(offer);
  byGates.set(offer.gates, made);
  return made;
}

function build({ editors, gates }: Offer) {
  const write = writeEntry(editors);
  const gate = gateEntry(gates);
  const glass = breakGlass(gates);
  const verifying = gateEntry(
    gates.filter(({ verifies }) => verifies === true),
    "is not a gate that can tell of a release that it is good",
  );
  const schema = z.strictObject({
    version,
    artifacts: z
      .strictObject({ store: store.default("git"), ref: storeRef.optional() })
      .describe("Where release artifacts are kept.")
      .register(examples, { example: "{ store: git }" })
      .optional(),
    environments: z
      .record(environmentKey, environment(gate.schema, { verifying: verifying.schema, breakGlass: glass.own }))
      .meta({
        description: "The environments by name, such as staging: { policy: { event: push, branch: main } }.",
        minProperties: 1,
      })
      .register(examples, { example: "{ staging: { policy: { event: push, branch: main } } }" }),
    freezes: freezes.optional(),
    "break-glass": glass.anywhere.optional(),
    previews: previews.optional(),
    defaults: defaults(write.schema).optional(),
    apps: z
      .record(appKey, app(write.schema))
      .describe("The apps by name, such as frontend: { images: { web: ghcr.io/acme/frontend } }.")
      .register(examples, { example: "{ frontend: { images: { web: ghcr.io/acme/frontend } } }" })
      .optional(),
    discover: discover.optional(),
  });
  return { schema, write, gate, verifying };
}

export type Parsed = z.output<Grammar["schema"]>;
export type ParsedEnvironment = Parsed["environments"][string];
export type Settings = NonNullable<Parsed["defaults"]>;
