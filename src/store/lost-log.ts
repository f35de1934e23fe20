// The log of an execution whose file was lost. Only another execution could bring back what was printed, and that may
// take days while the results are whole. So the record names a log that says that it is lost, and manifests mention it.
import { digestBytes } from './digest.ts';

export const lostLog = 'The log of this execution is lost: its file in the store was missing or damaged.\n';

const digest = digestBytes(lostLog);

export function isLogLost(record: { readonly log: string }): boolean {
  return record.log === digest;
}
