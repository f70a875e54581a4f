/** Loads what shows a report of promotions, such as while a server answers. */
export async function loadPresentation(): Promise<void> {
  await Promise.all([import("./present.ts"), import("@glu/report")]);
}
