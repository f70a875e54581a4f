/** Asks once for each key, and gives the same answer, or the same error, from then on. */
export function oncePer<T>(): (key: string, ask: () => Promise<T>) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (key, ask) => {
    const answer = known.get(key) ?? ask();
    known.set(key, answer);
    return answer;
  };
}
