export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** A value of the model as JSON: what is undefined has no place in it. */
export const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value ?? null));
