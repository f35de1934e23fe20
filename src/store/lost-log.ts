// The log of an execution whose file was lost. What was printed cannot be had back but by executing again, which may take
// days while the results are whole: the record then names a log that says so, and manifests mention it.
import { digestBytes } from './digest.ts';

export const lostLog = 'The log of this execution is lost: its file in the store was missing or damaged.\n';

const digest = digestBytes(lostLog);

export function isLogLost(record: { readonly log: string }): boolean {
  return record.log === digest;
}
