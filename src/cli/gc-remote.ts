// `repro gc --remote NAME`: what a remote holds for no run that is kept there; with --delete it goes.
import { type ExitCode, exitCode, ReproError } from '../error.ts';
import { count } from '../manifest/text/number-text.ts';
import { bytesText } from '../pipeline/memory.ts';
import { onAbort } from './abort.ts';
import { open } from './open.ts';
import type { GcOptions } from './options.ts';
import { complain, print, printJson } from './view/print.ts';

export async function gcRemote(options: GcOptions & { readonly remote: string }): Promise<ExitCode> {
  if (options.secrets || options.wait) {
    const message = '--remote goes with --keep, --older-than, --grace and --delete alone';
    throw new ReproError('bad-usage', message, { exit: exitCode.usage });
  }
  const isDeleted = options.delete ?? false;
  using abort = onAbort();
  const { kept, runs, records, objects, parts, notes } = await open(options).collectRemote({
    ...options,
    signal: abort.signal,
  });
  const bytes = [...runs, ...records, ...objects, ...parts].reduce((sum, entry) => sum + entry.bytes, 0);
  for (const note of notes) complain(`warning: ${note}`);
  if (options.json) {
    const [ofRuns, ofRecords, ofObjects, ofParts] = [runs, records, objects, parts].map((all) =>
      all.map(({ key }) => key),
    );
    printJson({
      kept,
      runs: ofRuns,
      records: ofRecords,
      objects: ofObjects,
      parts: ofParts,
      bytes,
      notes,
      deleted: isDeleted,
    });
    return exitCode.ok;
  }
  const tagged = kept.tagged === 0 ? '' : ` (${count(kept.tagged, 'tag')})`;
  print(
    `kept     ${count(kept.runs, 'run')}${tagged}, ${count(kept.records, 'record')}, ${count(kept.objects, 'object')}`,
  );
  const isEmpty = [runs, records, objects, parts].every((entries) => entries.length === 0);
  const what = [
    count(runs.length, 'run'),
    count(records.length, 'record'),
    count(objects.length, 'object'),
    ...(parts.length === 0 ? [] : [count(parts.length, 'unfinished upload')]),
  ];
  print(`${isDeleted ? 'deleted ' : 'garbage '} ${isEmpty ? 'nothing' : `${what.join(', ')}: ${bytesText(bytes)}`}`);
  if (!isDeleted && !isEmpty) print('Nothing was deleted: add --delete to do it.');
  return exitCode.ok;
}
