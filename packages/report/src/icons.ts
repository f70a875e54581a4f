import type { RunResult } from "@glu/core";

export type IconName = RunResult | "override" | "pin" | "freeze" | "artifact" | "status" | "history" | "graph";

/** How a sign looks: on forges, in one column of a terminal, and how it feels. */
export interface Icon {
  emoji: string;
  sign: string;
  tone: "good" | "wait" | "bad" | "calm" | "info";
}

export const icons: Record<IconName, Icon> = {
  failed: { emoji: "❌", sign: "✗", tone: "bad" },
  refused: { emoji: "⛔", sign: "✗", tone: "bad" },
  held: { emoji: "⏸️", sign: "‖", tone: "wait" },
  proposed: { emoji: "🔀", sign: "⇄", tone: "info" },
  promoted: { emoji: "✅", sign: "✓", tone: "good" },
  superseded: { emoji: "⏭️", sign: "»", tone: "calm" },
  unchanged: { emoji: "➖", sign: "=", tone: "calm" },
  planned: { emoji: "📝", sign: "+", tone: "info" },
  none: { emoji: "➖", sign: "·", tone: "calm" },
  override: { emoji: "🔓", sign: "!", tone: "wait" },
  pin: { emoji: "📌", sign: "⊙", tone: "wait" },
  freeze: { emoji: "❄️", sign: "*", tone: "wait" },
  artifact: { emoji: "📦", sign: "■", tone: "good" },
  status: { emoji: "🧭", sign: "▤", tone: "info" },
  graph: { emoji: "🗺️", sign: "⋔", tone: "info" },
  history: { emoji: "🕘", sign: "↺", tone: "info" },
};
