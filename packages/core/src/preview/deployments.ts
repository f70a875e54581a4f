import type { Preview } from "../model/preview.ts";
import type { ConfigRepository } from "../ports/config-repository.ts";
import type { PreviewDeployment, PreviewDeployments } from "../ports/preview-deployments.ts";
import { previewKey } from "./names.ts";
import { type PreviewOf, readStanding } from "./state.ts";

/** Of those that write at the same moment each looks again; more often than that they are not waited for. */
const mostLooks = 5;

/** What a run knows of a preview beside what stands in Git. */
export interface SeenPreview {
  /** The commit that it is about: of another one it knows nothing. */
  head: string;
  state: PreviewDeployment["state"];
  isChecked: boolean;
}

/** `preview:web:pr-7`: what the deployments of one preview have in common, and no others. */
export const deploymentTask = ({ app, number }: PreviewOf): string => `preview:${app}:${previewKey(number)}`;

/**
 * Lets the forge show of a preview what stands in Git. That is looked at again after each writing: of two runs at the same
 * moment the one that comes late with something old puts it right itself.
 * @param seen what this run knows of it; undefined: no more than that it was committed
 */
export async function showDeployment(
  of: PreviewOf,
  seen: SeenPreview | undefined,
  ports: { repository: Pick<ConfigRepository, "open">; deployments: PreviewDeployments; run: string | undefined },
): Promise<void> {
  for (let looks = 0; looks < mostLooks; looks++) {
    const { preview } = await readStanding(await ports.repository.open(), of);
    const current = preview === undefined ? undefined : deploymentOf(preview, seen, ports.run);
    if (!(await ports.deployments.settle(deploymentTask(of), current))) return;
  }
}

function deploymentOf(preview: Preview, seen: SeenPreview | undefined, log: string | undefined): PreviewDeployment {
  const { state, isChecked } = seen?.head === preview.head ? seen : { state: "success" as const, isChecked: false };
  return {
    ...{ commit: preview.head, state, isChecked, page: preview.url, log },
    description: `Preview of ${preview.app} for #${preview.number}`,
  };
}
