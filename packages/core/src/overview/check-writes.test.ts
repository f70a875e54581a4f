import { expect, it } from "vitest";
import type { Templates } from "../ports/templates.ts";
import { linesEditor, pipelineOf, world } from "../test-kit/memory.ts";
import { checkWrites } from "./check-writes.ts";

it.each(["message", "authorName", "committerEmail", "sha"])(
  "knows that every artifact has version.%s",
  async (name) => {
    const { repository } = world({ artifacts: [] });
    const seen: unknown[] = [];
    const templates: Templates = {
      render: (text, { app, env, version }) => {
        seen.push((version as Record<string, unknown>)[name]);
        return text.replace("{{app}}", String(app)).replace("{{env}}", String(env));
      },
    };
    const findings = await checkWrites(pipelineOf(["web"]), await repository.open(), {
      editors: [linesEditor as never],
      templates,
    });
    expect(findings).toEqual([]);
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.every((value) => typeof value === "string" && value !== "")).toBe(true);
  },
);
