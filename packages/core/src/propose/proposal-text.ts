import { UserError } from "../errors.ts";
import type { ProposeOptions } from "../model/pipeline.ts";
import type { ProposalText } from "../ports/proposals.ts";
import type { Templates } from "../ports/templates.ts";

/** What a proposal's text is made of. */
export interface TextParts {
  templates: Templates;
  /** What both templates may name. */
  variables: Readonly<Record<string, unknown>>;
  /** The title without a template. */
  title: string;
  /** The plan as Markdown of at most so many bytes. */
  plan(bytes: number): string;
  /** Bytes of UTF-8 that the body may have. */
  limit: number;
  /** Text of others, harmless in a title. */
  plain(text: string): string;
  /** Text of others, harmless in Markdown. */
  markdown(text: string): string;
  /** Told what a template lacks; the text is then as without it. */
  warn(message: string): void;
}

/** Bytes that the plan has at least, whatever stands around it. */
const leastOfPlan = 2000;

/**
 * The title and the body of a proposal, by the templates of its environment. What they name is data and stays that; only
 * the plan is Markdown. A value that is missing keeps nothing from being proposed: it is told, and the text is as without
 * the template.
 */
export function proposalText({ title, body }: ProposeOptions, parts: TextParts): ProposalText {
  const { plan, limit, warn } = parts;
  const attempt = (render: () => string, otherwise: () => string): string => {
    try {
      return render();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      warn(`A proposal has not the text that the config gives it: ${error.message}`);
      return otherwise();
    }
  };
  return {
    title:
      title === undefined
        ? parts.title
        : attempt(
            () => titleOf(title, parts),
            () => parts.title,
          ),
    body:
      body === undefined
        ? plan(limit)
        : attempt(
            () => bodyOf(body, parts),
            () => plan(limit),
          ),
  };
}

function titleOf(template: string, { templates, variables, plain, title }: TextParts): string {
  const rendered = templates.render(template, variables, plain).replace(/\s+/g, " ").trim();
  return rendered === "" ? title : rendered;
}

function bodyOf(template: string, { templates, variables, plan, limit, markdown }: TextParts): string {
  const render = (text: string) =>
    templates.render(template, { ...variables, plan: text }, (value) => (value === text ? text : markdown(value)));
  const around = Buffer.byteLength(render(""));
  return render(plan(Math.max(leastOfPlan, limit - around)).trimEnd());
}
