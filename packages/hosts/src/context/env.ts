/** The environment as an argument; `process.env` fits. */
export type Env = Readonly<Record<string, string | undefined>>;
