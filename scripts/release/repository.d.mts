export declare function writeRepository(
  folder: string,
  files: ReadonlyMap<string, Buffer | string>,
  release: { title: string; tags: readonly string[]; source: { commit: string; date: string } },
): { commit: string; bytes: number; download: number };
