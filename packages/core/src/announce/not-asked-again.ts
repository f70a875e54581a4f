/** Codes of what will not be otherwise for the next thing that is told either. */
const lasting = /^\w+\/(?:forbidden|job-token|no-token|unauthorised)$/;
/** Of a forge that nothing gets through to. */
const cutOff = /^forge\/(?:unreachable|budget-exhausted)$/;

/** Whether a forge that has said so would say the same of all that is like it. @param code of an error */
export const isLasting = (code: string): boolean => lasting.test(code);

/** Whether nothing gets through to a forge, whatever it is. @param code of an error */
export const isCutOff = (code: string): boolean => cutOff.test(code);
