import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * What takes long begins first: in a clone that has measured nothing yet, Vitest goes by the size of the files, and the
 * longest are small ones. One that begins last would be waited for with half the machine idle.
 */
const long = [/\/test\/month\//, /\/port-faults\//, /\/test\/way-back\//, /\/test\/chaos\//, /-faults\.test\.ts$/];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification) => {
      const found = long.findIndex((one) => one.test(moduleId));
      return found < 0 ? long.length : found;
    };
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}
