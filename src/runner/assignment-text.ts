// The text of what a stage is assigned.
import type { StageAssignment } from '../schema/types.ts';
import { canonicalJson } from '../store/canonical-json.ts';

/**
 * JSON for people, in the order that is fingerprinted: keys moved in the pipeline file must not be seen. Whole numbers
 * beyond 2^53 are written with an exponent: languages with integers of any size would take their digits for exact.
 */
export function assignmentText(assignment: StageAssignment): string {
  const text = JSON.stringify(JSON.parse(canonicalJson(assignment)), null, 2);
  return `${text.replace(tokens, (token) => (isLarge(token) ? Number(token).toExponential() : token))}\n`;
}

/** Texts and numbers of a JSON text. */
const tokens = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;

function isLarge(token: string): boolean {
  return /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token));
}
