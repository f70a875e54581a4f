import {
  type App,
  type AppName,
  type CommentCommand,
  type CommentCommands,
  type CommentEvent,
  commandIn,
  commentForms,
  type EventTime,
  GluError,
  meantHead,
  type Pull,
  type Reaction,
  type Sha,
  UserError,
} from "@glu/core";
import { commentIn } from "@glu/hosts/comment";
import type { previewDown as downCommand, InputsOf, previewUp as upCommand } from "@glu/inputs";
import { createCommentCommands } from "../comment-commands.ts";
import type { ForgeAccess } from "../forge-outside.ts";
import { nothingDone } from "../nothing-done.ts";
import { type Outcome, page } from "../outcome.ts";
import type { Connected } from "./preview.ts";
import { accessTo, previewed, pullsOf, tell } from "./preview-access.ts";
import { noApp } from "./preview-modes.ts";
import { placeOf } from "./preview-outcome.ts";
import { down, extend, up } from "./previewing.ts";

type AnyInputs = InputsOf<typeof upCommand> | (InputsOf<typeof downCommand> & { app: AppName });

/** What a job of a comment must know before it does anything. */
interface Commanded {
  comment: CommentEvent & { pull: number };
  commands: CommentCommands;
  live: Pull;
  app: App;
}

/** `glu preview up` in a job of a comment: acts on `/preview up` and `/preview extend`. */
export function upByComment(inputs: InputsOf<typeof upCommand>, connected: Connected): Promise<Outcome> {
  assertNotNamed({ number: inputs.number, sha: inputs.sha }, connected);
  return onComment(inputs, connected, ["up", "extend"], (command, commanded) =>
    command.verb === "up"
      ? bringUp(command, commanded, { inputs, connected })
      : keep(command.by, commanded, { inputs, connected }),
  );
}

interface Given {
  inputs: InputsOf<typeof upCommand>;
  connected: Connected;
}

async function keep(by: string, { comment, app }: Commanded, { inputs, connected }: Given): Promise<Outcome> {
  const outcome = await extend({ ...inputs, number: String(comment.pull), by }, connected);
  const told = { number: comment.pull, plan: inputs.plan, state: "extended" };
  const known = await previewed(connected, inputs.app);
  await tell(known, told, known.repository, accessTo(app, connected, inputs.hostToken));
  return outcome;
}

async function bringUp(
  command: CommentCommand & { verb: "up" },
  { comment, commands, live }: Commanded,
  { inputs, connected }: Given,
): Promise<Outcome> {
  const { previews } = await previewed(connected, inputs.app);
  if (live.fromFork && previews.forks === "never") {
    return refused(inputs.app, comment, {
      code: "preview/not-trusted",
      seen: "it comes from a fork, and those get no previews",
      fix: "Write 'previews: { forks: label }', or bring it up by name: 'glu preview up'.",
    });
  }
  const meant = await meantHead(command, comment, live, () => commands.headSince(live));
  if (meant.head === undefined) {
    const fix = `Look at the commit, and name it: /preview up ${live.head === "" ? "<commit>" : live.head}`;
    return refused(inputs.app, comment, { code: "preview/no-commit", seen: meant.seen, fix });
  }
  if (live.isOpen && live.head !== meant.head) return refused(inputs.app, comment, otherHead(meant.head, live));
  return up({ ...inputs, number: String(comment.pull), sha: meant.head }, connected, timeOf(comment));
}

/** Run again a job means what stood there when its comment was written, and not what came of later ones. */
const timeOf = ({ createdAt }: CommentEvent): EventTime => ({ clock: createdAt, isOwn: false });

/** `glu preview down` in a job of a comment: acts on `/preview down`. */
export function downByComment(given: InputsOf<typeof downCommand>, connected: Connected): Promise<Outcome> {
  const { app, number, mode } = given;
  assertNotNamed({ number, mode }, connected);
  if (app === undefined) throw noApp();
  const inputs = { ...given, app, mode: "command" as const };
  return onComment(inputs, connected, ["down"], (_, { comment }) =>
    down({ ...inputs, number: String(comment.pull) }, connected, timeOf(comment)),
  );
}

type Verb = CommentCommand["verb"];

async function onComment<V extends Verb>(
  inputs: AnyInputs,
  connected: Connected,
  verbs: readonly V[],
  act: (command: CommentCommand & { verb: V }, commanded: Commanded) => Promise<Outcome>,
): Promise<Outcome> {
  const comment = commentIn(connected.surroundings.context.comment);
  if (comment === undefined) {
    throw new UserError("preview/of-comment", "The event does not say who wrote which comment where.", {
      fix: "Let the job run on issue_comment, and leave its event as it is.",
    });
  }
  const { pull } = comment;
  if (pull === undefined) return nothingDone("The comment is on an issue, and previews are of pull requests.");
  if (comment.action !== "created") return nothingDone("What a comment is changed to is no command: write a new one.");
  const command = commandIn(comment.body);
  if (command === undefined) return nothingDone(`The comment is no command. Those are: ${commentForms}.`);
  if (!isOneOf(command, verbs)) {
    return nothingDone(`The comment says /preview ${command.verb}: another command does that.`);
  }
  const app = await appHere(inputs.app, connected);
  const commands = createCommentCommands(commanding(app, connected, inputs.hostToken));
  const answered = async (reaction: Reaction): Promise<void> => {
    if (!inputs.plan) await reactTo(comment.id, reaction, commands, connected);
  };
  try {
    const outcome = (await commands.mayWrite(comment.author))
      ? await act(command, {
          commands,
          app,
          comment: { ...comment, pull },
          live: await find(pull, app, inputs, connected),
        })
      : refused(inputs.app, { pull }, notAllowed(comment));
    await answered(outcome.exitCode === 0 ? "done" : "refused");
    return outcome;
  } catch (error) {
    await answered("refused");
    throw error;
  }
}

function isOneOf<V extends Verb>(
  command: CommentCommand,
  verbs: readonly V[],
): command is CommentCommand & { verb: V } {
  return (verbs as readonly Verb[]).includes(command.verb);
}

/** In a job that anybody's comment starts, what a workflow names would be done for anybody. */
function assertNotNamed(named: Readonly<Record<string, string | undefined>>, { surroundings }: Connected): void {
  const given = Object.entries(named).find(([, value]) => value !== undefined);
  if (given === undefined) return;
  throw new UserError(
    "preview/of-comment",
    `In a job of a comment the comment says which pull request and commit it is.`,
    {
      seen: `${given[0]}: ${given[1]}, in a job of ${surroundings.context.hostEvent}`,
      fix: `Leave out ${Object.keys(named).join(" and ")}.`,
    },
  );
}

/** Who may write to the repository of the comment says nothing of another one. */
async function appHere(name: AppName, connected: Connected): Promise<App> {
  const { app } = await previewed(connected, name);
  const { repository } = connected.surroundings.context;
  const own = app.repository;
  if (own !== undefined && own.toLowerCase() === repository.toLowerCase()) return app;
  throw new UserError("preview/of-comment", `The comment is in ${repository}, where ${name} is not.`, {
    seen: own ?? "no repository",
    fix: `Let the workflow lie in the repository of the app, and write it into apps.${name}.repository.`,
  });
}

/** Gitea tells administrators of a repository alone who may write there, which a job's own token never is. */
function commanding(app: App, connected: Connected, hostToken: string | undefined): ForgeAccess {
  const access = accessTo(app, connected, hostToken);
  const isGitea = connected.surroundings.context.host === "gitea";
  return isGitea ? { ...access, token: connected.repositories.token } : access;
}

async function find(number: number, app: App, { hostToken }: AnyInputs, connected: Connected): Promise<Pull> {
  const live = await pullsOf(app, connected, hostToken)?.find(number);
  if (live !== undefined) return live;
  throw new UserError("preview/no-forge", `How #${number} stands now cannot be asked here.`, {
    fix: "Give the job its token: permissions: { contents: read, pull-requests: write }.",
  });
}

const notAllowed = ({ author }: CommentEvent): Refusal => ({
  code: "preview/not-allowed",
  seen: `${author} may not write to the repository`,
  fix: "Ask somebody who may to look at it, and to write the command.",
});

const otherHead = (named: Sha, live: Pull): Refusal => ({
  code: "preview/overtaken",
  seen: `the comment names ${named.slice(0, 7)}, and its head is ${live.head.slice(0, 7)} now`,
  fix: `Look at what is there now, and name it: /preview up ${live.head}`,
});

interface Refusal {
  code: string;
  seen: string;
  fix: string;
}

function refused(app: AppName, { pull }: { pull: number | undefined }, refusal: Refusal): Outcome {
  const { code, seen, fix } = refusal;
  const headline = `the preview of ${placeOf({ app, number: pull ?? 0 })} is left as it is: ${seen}`;
  const shown = page(
    {
      ...{ schema: "glu.preview-change.v1", result: "refused", tone: "error", headline, columns: [], rows: [] },
      data: { app, number: pull ?? null, commit: null, "commit-url": null, preview: null, state: "refused", refusal },
    },
    3,
  );
  return { ...shown, notices: [`${code}: ${fix}`], outputs: { result: "refused", state: "refused", reason: code } };
}

/** An answer that could not be given undoes nothing. */
async function reactTo(
  id: number,
  reaction: Reaction,
  commands: CommentCommands,
  { surroundings: { logger } }: Connected,
): Promise<void> {
  try {
    await commands.react(id, reaction);
  } catch (error) {
    if (!(error instanceof GluError)) throw error;
    logger.warning(
      `The comment could not be answered: ${error.message}${error.fix === undefined ? "" : ` ${error.fix}`}`,
    );
  }
}
