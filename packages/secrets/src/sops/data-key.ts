import { armor, Decrypter } from "age-encryption";

/** Unwraps what SOPS keeps for a recipient of age; undefined where none of the identities fits. */
export async function unwrapByAge(wrapped: string, identities: readonly string[]): Promise<Uint8Array | undefined> {
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  try {
    return await decrypter.decrypt(armor.decode(wrapped));
  } catch (error) {
    if (error instanceof Error && /no identity matched/.test(error.message)) return undefined;
    throw error;
  }
}
