import { sdkTypes } from "@glu/evaluate/sdk-types";
import { answer, type Outcome } from "../outcome.ts";

/** `glu config types`: the types of `@glu/sdk` as a declaration, for where nothing is installed. */
export async function runConfigTypes(): Promise<Outcome> {
  return answer({
    kind: "file",
    schema: "glu.types.v1",
    result: "printed",
    headline: "The types of @glu/sdk",
    language: "ts",
    text: sdkTypes,
    data: { types: sdkTypes },
  });
}
