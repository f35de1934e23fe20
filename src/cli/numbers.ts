// `repro numbers [MANIFEST]`: what a run measured, with standard errors.
import { type ExitCode, exitCode } from '../error.ts';
import { numberAudits } from '../manifest/verification/audit-text.ts';
import type { ManifestNumber } from '../schema/types.ts';
import { open } from './open.ts';
import type { GlobalOptions } from './options.ts';
import { numberLines } from './view/number-lines.ts';
import { print, printJson } from './view/print.ts';

export async function numbersVerb(options: GlobalOptions, name: string | undefined): Promise<ExitCode> {
  const { manifest } = await open(options).manifest(name);
  const audits = numberAudits(manifest);
  if (options.json) printJson({ run: manifest.run, numbers: manifest.numbers.map((entry) => document(audits, entry)) });
  else {
    const { id, outcome } = manifest.run;
    if (outcome !== 'complete') print(`Run ${id} ${incomplete[outcome]}: what it did not reach has no numbers.`);
    else if (manifest.numbers.length === 0) print('This run reported no numbers.');
    if (manifest.numbers.length > 0) for (const line of numberLines(manifest)) print(line);
  }
  return exitCode.ok;
}

type Audits = ReturnType<typeof numberAudits>;

const incomplete = { failed: 'failed', interrupted: 'was interrupted' };

/** A number as in the manifest, with how it came out in repeated executions where there were any. */
function document(audits: Audits, entry: ManifestNumber): unknown {
  const repeated = audits(entry);
  return repeated === undefined ? entry : { ...entry, repeated };
}
