import { armor, Decrypter } from "age-encryption";
import { Refusal } from "./refusals.ts";

/**
 * Unwraps the data key of a file, which SOPS keeps once for each recipient of age, in armor.
 * @param identities such as `AGE-SECRET-KEY-1…`
 * @throws Refusal where none of them opens any
 */
export async function unwrapByAge(wrapped: readonly string[], identities: readonly string[]): Promise<Uint8Array> {
  const decrypter = decrypterOf(identities);
  let malformed = 0;
  for (const one of wrapped) {
    try {
      return await decrypter.decrypt(armor.decode(one));
    } catch (error) {
      // Another recipient's may be whole. The message of the library is not shown: it may hold what it was given.
      if (!(error instanceof Error && /no identity matched/.test(error.message))) malformed += 1;
    }
  }
  if (malformed > 0) throw new Refusal("what it keeps for a recipient is damaged");
  throw new Refusal("none of the keys at hand is one of its recipients");
}

function decrypterOf(identities: readonly string[]): Decrypter {
  const decrypter = new Decrypter();
  for (const [index, identity] of identities.entries()) {
    try {
      decrypter.addIdentity(identity);
    } catch {
      throw new Refusal(`key ${index + 1} of those at hand is no identity of age`);
    }
  }
  return decrypter;
}
