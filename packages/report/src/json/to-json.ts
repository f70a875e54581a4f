import type { FileReport, PageReport, Report } from "../report.ts";
import { artifactJson } from "./artifact.ts";
import { comparisonJson } from "./comparison.ts";
import { explanationJson } from "./explanation.ts";
import { graphJson } from "./graph.ts";
import { historyJson } from "./history.ts";
import type { Json } from "./json.ts";
import { promotionJson } from "./promotion.ts";
import { costJson } from "./release.ts";
import { statusJson } from "./status.ts";

/**
 * The report for machines: one object with `schema` and `result`. Names are stable, absent values are null, texts are whole
 * and unescaped: whoever shows them escapes them.
 */
export function toJson(report: Report): { [name: string]: Json } {
  switch (report.kind) {
    case "page":
      return { ...dataJson(report), ...(report.cost === undefined ? {} : { cost: costJson(report.cost) }) };
    case "file":
      return dataJson(report);
    case "promotion":
      return promotionJson(report);
    case "artifact":
      return artifactJson(report);
    case "status":
      return statusJson(report);
    case "explanation":
      return explanationJson(report);
    case "graph":
      return graphJson(report);
    case "comparison":
      return comparisonJson(report);
    case "history":
      return historyJson(report);
  }
}

const dataJson = ({ schema, result, data }: PageReport | FileReport): { [name: string]: Json } => ({
  schema,
  result,
  ...(JSON.parse(JSON.stringify(data)) as { [name: string]: Json }),
});
