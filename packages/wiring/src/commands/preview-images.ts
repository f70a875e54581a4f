import { type App, OutsideError, type PreviewImage, UserError } from "@glu/core";
import { createDigestCheck, createRegistry, parseImage } from "@glu/registry";
import { fetchOf } from "../outside-fetch.ts";
import { registryCredentials } from "../registry-credentials.ts";
import { ownToken } from "../repositories/token.ts";
import type { Connected } from "./preview.ts";

/**
 * The images of a preview by digests that are there: what is not there yet would be asked for by the cluster for ever.
 * @throws UserError `input/image`, `preview/image`; OutsideError `preview/no-image`, `registry/…`
 */
export async function imagesOf(
  texts: readonly string[],
  app: App,
  { surroundings }: Connected,
  hostToken: string | undefined,
): Promise<Record<string, PreviewImage>> {
  const { env, clock, context } = surroundings;
  // The token that is given is for previews; the images of the host's registry are the job's own.
  const credentials = registryCredentials(surroundings, ownToken(hostToken, env, context.host));
  const options = { credentials, clock, fetch: fetchOf(env) };
  const [registry, isThere] = [createRegistry(options), createDigestCheck(options)];
  const images: Record<string, PreviewImage> = {};
  for (const text of texts) {
    const { key, name, tag, digest: given } = parseImage(text);
    const declared = app.images[key];
    if (declared !== undefined && declared !== name) {
      throw new UserError("preview/image", `The image ${key} of ${app.name} is ${declared}, not ${name}.`, {
        seen: name,
        fix: `Give ${key}=${declared}:… or change apps.${app.name}.images.`,
      });
    }
    if (given !== undefined && !(await isThere(name, given))) {
      throw new OutsideError("preview/no-image", `The registry has no ${name}@${given}.`, {
        seen: `${name}@${given}`,
        fix: "Let the build push it before this step.",
      });
    }
    const digest = given ?? (await registry.resolve(name, tag ?? "latest"));
    images[key] = { name, ...(tag === undefined ? {} : { tag }), digest };
  }
  return images;
}
