import type { Explained } from "@glu/core";
import type { ExplanationReport, Running } from "../report.ts";
import { type NameArtifacts, namesOf, runningIn } from "./artifact-names.ts";

/** What runs in the place that is explained. */
export const hereOf = ({ pipeline, app, environment }: ExplanationReport): Running | undefined =>
  pipeline.running.find((one) => one.app === app && one.environment === environment);

/** The one that the answer is about: what could go there next, else what runs there. */
export const nextOf = ({ artifacts, next }: ExplanationReport): Explained | undefined =>
  artifacts.find(({ artifact }) => artifact.id === next) ?? artifacts[0];

export const explanationNames = ({ artifacts, pipeline }: ExplanationReport): NameArtifacts =>
  namesOf([...artifacts.map(({ artifact }) => artifact), ...runningIn(pipeline)]);
