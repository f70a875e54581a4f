/** Does something with each, so many at the same time. The first failure ends it. */
export async function eachOf<T>(all: readonly T[], atOnce: number, task: (one: T) => Promise<void>): Promise<void> {
  const left = all.values();
  const worker = async (): Promise<void> => {
    for (const one of left) await task(one);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, all.length) }, worker));
}
