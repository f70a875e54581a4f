import { sameBytes } from "../edit/same-bytes.ts";
import type { FileChange } from "../model/decision.ts";
import { instant, type RepoPath, timestamp } from "../model/names.ts";
import { type Preview, previewPath, type Trust, tombstonePath } from "../model/preview.ts";
import type { Bytes, Change, FileAt, Snapshot } from "../ports/config-repository.ts";
import { encodeDocument } from "../records/documents.ts";
import { commitMessage } from "../records/trailers.ts";
import { type Attempt, transact } from "../transact.ts";
import { mayGoUp } from "./clock.ts";
import { previewKey } from "./names.ts";
import type { PreviewPorts, PreviewTemplate, UpRequest, UpResult } from "./options.ts";
import { roomFor } from "./quota.ts";
import { type Rendered, renderPreview, sha256 } from "./render.ts";
import { seedOf } from "./seed.ts";
import { readAll, readStanding } from "./state.ts";
import { asOf, placeOf, takeDown } from "./take-down.ts";
import { trailerOf } from "./trailer.ts";
import { trusted } from "./trust.ts";

/**
 * Brings a preview up, or up to date: its files and its state as one commit. Everything is looked at again whenever the
 * branch has moved, the pull request, too. The push is the commit point; what comes after it undoes nothing.
 * @throws UserError, OutsideError `preview/…`, `pull/…`, `repository/…`, `template/…`
 */
export async function previewUp(request: UpRequest, ports: PreviewPorts): Promise<UpResult> {
  const { repository, clock, logger, first } = ports;
  return transact({ repository, clock, logger, first }, (tip) => attempt(request, tip, ports));
}

async function attempt(request: UpRequest, tip: Snapshot, ports: PreviewPorts): Promise<Attempt<UpResult>> {
  const { app, number, event, settings, plan } = request;
  const live = await ports.pulls?.find(number);
  const standing = await readStanding(tip, request);
  const { preview, tombstone } = standing;
  if (ports.pulls !== undefined && live === undefined) return refuse("no-pull", `there is no #${number}`, preview);
  const verdict = mayGoUp(standing, event, { live, byName: request.byName });
  if (!verdict.may) return refuse(verdict.why, verdict.seen, preview);
  const trust = trusted(request.trust, preview, event.head);
  if (trust === undefined) {
    return refuse("not-trusted", `nobody vouches for ${event.head.slice(0, 7)}`, preview);
  }
  const template = await ports.loadTemplate(tip);
  const createdAt = preview?.createdAt ?? timestamp(verdict.clock);
  const seed = seedOf(request, preview, createdAt);
  const rendered = await renderPreview(request, template, ports, seed?.id);
  const isLimited = settings.limit !== undefined || settings.limitPerAuthor !== undefined;
  const { previews } = preview === undefined && isLimited ? await readAll(tip) : { previews: [] };
  const author = live?.author ?? request.pullAuthor;
  const room = preview === undefined ? roomFor(previews, author, settings, ports.clock.now()) : undefined;
  if (room?.kind === "full") {
    return refuse("quota", `${room.seen} of at most ${room.limit} previews ${room.of}`, preview);
  }
  const next = recordOf(request, { template, rendered, seed, trust, author, clock: verdict.clock, before: preview });
  const changes = await changesTo(rendered, preview, tip);
  const isSame = preview !== undefined && changes.length === 0 && isAsWas(preview, next);
  const evicted = room?.evicted ?? [];
  const state = preview === undefined ? "created" : isSame ? "unchanged" : "updated";
  const result = { state, refusal: undefined, preview: next, evicted, changes } as const;
  // A later event is kept also where nothing else has changed: what is older must stay so, and idle time begins anew. That
  // the pull request has changed since, such as by Glu's own comment, is no event.
  if (plan || (isSame && event.clock <= instant(preview.clock))) {
    return {
      commit: undefined,
      done: () => ({ ...result, preview: plan ? next : (preview ?? next), commit: undefined }),
    };
  }
  const now = ports.clock.now();
  const gone = evicted.flatMap((one) =>
    takeDown(placeOf(one), one, { clock: asOf(one), because: "evicted", now }, request),
  );
  return {
    commit: {
      message: messageOf(request, state, evicted),
      ...(request.author === undefined ? {} : { author: request.author }),
      changes: [
        ...changes.map(({ path, after }): Change => ({ path: path as RepoPath, content: after })),
        { path: previewPath(app, number), content: encodeDocument(next) },
        ...(tombstone === undefined ? [] : [{ path: tombstonePath(app, number), content: undefined }]),
        ...gone,
      ],
    },
    done: (commit) => ({ ...result, commit }),
  };
}

interface Recorded {
  template: PreviewTemplate;
  rendered: Rendered;
  seed: Preview["seed"];
  trust: Trust;
  author: string | undefined;
  clock: number;
  /** What stood there. */
  before: Preview | undefined;
}

/** The state of a preview, as it is written with its files. */
export function recordOf(request: UpRequest, recorded: Recorded): Preview {
  const { app, number, event, settings, request: id, actor } = request;
  const { template, rendered, seed, trust, author, before } = recorded;
  const at = timestamp(recorded.clock);
  return {
    ...{ schema: "glu.preview.v1", app, number, clock: at, head: event.head },
    ...(author === undefined ? {} : { author }),
    ...(request.repository === undefined ? {} : { repository: request.repository }),
    ...(request.branch === undefined ? {} : { branch: request.branch }),
    ...(request.base === undefined ? {} : { base: request.base }),
    ...{ trust, images: { ...request.images } },
    template: { from: template.from, hash: rendered.hash },
    namespace: rendered.namespace,
    ...(rendered.host === undefined ? {} : { host: rendered.host }),
    ...(rendered.url === undefined ? {} : { url: rendered.url }),
    ...(rendered.health === undefined ? {} : { health: rendered.health }),
    ...(Object.keys(rendered.links).length === 0 ? {} : { links: rendered.links }),
    ...(seed === undefined ? {} : { seed }),
    ...{ createdAt: before?.createdAt ?? at, idle: settings.idle, maxAge: settings.maxAge },
    ...(before?.keepUntil === undefined ? {} : { keepUntil: before.keepUntil }),
    files: [...rendered.files].map(([path, content]) => ({ path, sha256: sha256(content) })),
    ...{ request: id, actor },
  };
}

/** Why a preview is not brought up, by what keeps it. */
const refusals = {
  "no-pull": { code: "preview/no-pull", fix: "Name a pull request of the app's repository." },
  closed: { code: "preview/closed", fix: "Reopen the pull request: that brings it back." },
  gone: {
    code: "preview/gone",
    fix: "The next push brings it back, and so does who asks for it by name: 'glu preview up'.",
  },
  overtaken: { code: "preview/overtaken", fix: "Nothing is to be done: the run of the newer event does it." },
  quota: {
    code: "preview/quota",
    fix: "Close what is not needed, raise the limit, or let the one that was idle longest go: on-limit: evict-idle.",
  },
  "not-trusted": {
    code: "preview/not-trusted",
    fix: "Somebody looks at exactly this commit and puts the label on the pull request, or brings it up by name: 'glu preview up'.",
  },
} as const;

function refuse(why: keyof typeof refusals, seen: string, preview: Preview | undefined): Attempt<UpResult> {
  const refusal = { ...refusals[why], seen };
  return {
    commit: undefined,
    done: () => ({ state: "refused", refusal, commit: undefined, preview, evicted: [], changes: [] }),
  };
}

/** Beside its files: what is asked for after it, and what a tool may have of it. */
const isAsWas = (preview: Preview, next: Preview): boolean =>
  preview.head === next.head &&
  preview.template.hash === next.template.hash &&
  preview.health === next.health &&
  preview.seed?.id === next.seed?.id;

/** What must change for the files to be as rendered: also what somebody changed or deleted by hand since. */
export async function changesTo(
  { files }: Pick<Rendered, "files">,
  preview: Preview | undefined,
  tip: Snapshot,
): Promise<FileChange[]> {
  const recorded = (preview?.files ?? []).map(({ path }) => path as RepoPath);
  const there = await tip.read([...new Set([...files.keys(), ...recorded])]);
  const before = (path: RepoPath) => contentOf(there.get(path));
  const written = [...files].flatMap(([path, after]): FileChange[] =>
    sameBytes(before(path), after) ? [] : [{ path, before: before(path), after }],
  );
  const left = recorded.filter((path) => !files.has(path) && there.has(path));
  return [...written, ...left.map((path) => ({ path, before: before(path), after: undefined }))];
}

const contentOf = (file: FileAt | undefined): Bytes | undefined => (file?.kind === "file" ? file.content : undefined);

function messageOf(
  request: UpRequest,
  state: "created" | "updated" | "unchanged",
  evicted: readonly Preview[],
): string {
  const { app, number, event } = request;
  const verb = { created: "Preview", updated: "Update preview of", unchanged: "Note that preview is as it was:" }[
    state
  ];
  return commitMessage(
    `${verb} ${app} ${previewKey(number)} at ${event.head.slice(0, 7)}`,
    evicted.map((one) => `${one.app} ${previewKey(one.number)} was idle longest and goes`),
    [trailerOf(request, "preview-up"), ...evicted.map((one) => trailerOf(request, "preview-down", one))],
  );
}
