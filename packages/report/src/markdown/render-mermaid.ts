import { pipelineGraph } from "../describe/graph-report.ts";
import type { GraphReport } from "../report.ts";
import { renderGraph } from "./graph.ts";

/** The source of a Mermaid flowchart, every text in it escaped. */
export const renderMermaid = (report: GraphReport): string => `${renderGraph(pipelineGraph(report))}\n`;
