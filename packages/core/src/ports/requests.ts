/** Asks another repository's CI to promote: the boundary where an app's pipeline ends and the config repository decides. */
export interface Requests {
  /** Starts it and returns a link for people, when the forge gives one. `inputs` are those of `promote`. */
  request(target: string, inputs: Readonly<Record<string, string>>): Promise<{ url: string | undefined }>;
}
