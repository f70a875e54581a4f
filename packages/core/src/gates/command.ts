import { z } from "zod";
import { duration } from "../model/duration.ts";
import type { CommandResult } from "../ports/outside.ts";
import { type Check, defineGate, type GateSubject, met, unmet } from "./gate.ts";
import { given, textOf, textsOf } from "./outside/given.ts";
import { timeLimit, withGrace, withinLimit } from "./outside/time-limit.ts";
import { answered, heldFor, type Silence } from "./outside/unanswered.ts";

const word = z.string().regex(/^[^\0]*$/, "must not hold a NUL");

const options = z
  .strictObject({
    run: z
      .array(word)
      .min(1, "must not be empty")
      .refine(([program]) => program !== "", { error: "must begin with a program" })
      .describe(
        "The program and its arguments as they stand, such as [./smoke-test, --quick]: there is no shell, and no template.",
      ),
    timeout: timeLimit.optional().describe("How long it may run. Default 5m."),
    variables: z
      .record(
        z
          .string()
          .regex(
            /^(?!GLU_(?:APP|ENVIRONMENT|ARTIFACT|SHA|IMAGES?)(?:_|$))[A-Za-z_][A-Za-z0-9_]*$/,
            "must be a name of a variable that is not Glu's",
          ),
        given,
      )
      .optional()
      .describe("Variables that it gets besides PATH, HOME, TMPDIR and LANG: texts, or { env: NAME } of the job."),
  })
  .describe("A program that must end with 0, such as { run: [./smoke-test, --quick] }.");

type Options = z.infer<typeof options>;

interface Ended extends CommandResult {
  kind: "ended";
  /** It was ended, because its time was over. */
  late: boolean;
}

const limitOf = ({ timeout }: Options): number => duration(timeout ?? "5m");

/**
 * A program of the job must end with 0. What is promoted reaches it by variables, never by its arguments: what others
 * wrote stays data. It is run when nothing else is in the way, and never for a plan.
 */
export const command = defineGate<Options, Ended | Silence | { kind: "not-run" }>({
  name: "command",
  options,
  outcome: "held",
  observes: "acts",
  verifies: true,
  templates: ({ variables = {} }) => textsOf(variables),
  timeLimit: (wanted) => withGrace(limitOf(wanted)),
  observe: async (subject, _state, wanted, look) => {
    if (!look.mayAct) return { kind: "not-run" };
    return answered("command/template", async () => {
      const given = Object.entries(wanted.variables ?? {}).map(([name, value]) => [
        name,
        textOf(value, look, "command/no-variable"),
      ]);
      const variables = { ...Object.fromEntries(given), ...variablesOf(subject) };
      return withinLimit(look.signal, limitOf(wanted), async (signal) => {
        const result = await look.outside.commands.run({ argv: wanted.run, variables }, signal);
        return { kind: "ended", late: result.code === undefined && signal.aborted, ...result };
      });
    });
  },
  check: (observation, { run, timeout = "5m" }) => {
    if (observation.kind === "unanswered") return heldFor(observation);
    if (observation.kind === "not-run") {
      return unmet("is run for one artifact a run, and was run for a newer one", {
        code: "command/not-run",
        clearedBy: "the next run",
      });
    }
    const { code, late, output } = observation;
    const program = run[0] ?? "";
    const shown = endOf(output);
    const printed: Pick<Check, "output"> = shown === "" ? {} : { output: shown };
    if (code === 0) return { ...met(`${program} ended with 0`), ...printed };
    const why = { clearedBy: `${program}, when the next run starts it` };
    if (late)
      return { ...unmet(`${program} did not end within ${timeout}`, { ...why, code: "command/timeout" }), ...printed };
    const how = code === undefined ? "was ended by a signal" : `ended with ${code}`;
    return { ...unmet(`${program} ${how}`, { ...why, code: "command/failed" }), ...printed };
  },
});

/** What is promoted, and where. `GLU_IMAGES` has all images, in case two keys are the same as a variable's name. */
function variablesOf({ intent: { app, environment, artifact } }: GateSubject): Record<string, string> {
  const refs = Object.entries(artifact.images).map(([key, { ref }]): [string, string] => [key, ref]);
  return {
    ...Object.fromEntries(
      refs.map(([key, ref]) => [`GLU_IMAGE_${key.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`, ref]),
    ),
    GLU_IMAGES: JSON.stringify(Object.fromEntries(refs)),
    GLU_APP: app,
    GLU_ENVIRONMENT: environment,
    GLU_ARTIFACT: artifact.id,
    GLU_SHA: artifact.version.sha,
  };
}

/** Characters of the output that a decision keeps: what people read, and what outputs of a job have room for. */
const longest = 4000;

function endOf(output: string): string {
  const text = output.trimEnd();
  if (text.length <= longest) return text;
  const end = text.slice(-longest);
  const line = end.indexOf("\n");
  return line < 0 ? end.replace(/^[\udc00-\udfff]/, "") : end.slice(line + 1);
}
