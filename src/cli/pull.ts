// `repro pull RUN` and `repro fetch RUN`: a run that was pushed, into the store; and, pulled, to where people look for it.
import { type ExitCode, exitCode } from '../error.ts';
import { count } from '../manifest/text/number-text.ts';
import { bytesText } from '../pipeline/memory.ts';
import { onAbort } from './abort.ts';
import { open } from './open.ts';
import type { TransferOptions } from './options.ts';
import { commandText } from './view/command-text.ts';
import { complain, print, printJson } from './view/print.ts';

export async function pullVerb(options: TransferOptions, name: string, publish: boolean): Promise<ExitCode> {
  using abort = onAbort();
  const missing: string[] = [];
  const { manifest, bytes, remote, run } = await open(options).pull(name, {
    ...options,
    publish,
    signal: abort.signal,
    onWarning: (message) => void missing.push(message),
  });
  for (const message of missing) complain(`warning: ${message}`);
  if (options.json) printJson({ run, remote, bytes, missing });
  else {
    const what = `${count(manifest.stages.length, 'stage')}, ${count(manifest.numbers.length, 'number')}`;
    print(`${publish ? 'pulled' : 'fetched'} run ${run} from ${remote}: ${what}, ${bytesText(bytes)}`);
    const { profile, overrides } = manifest.pipeline;
    if (publish) print(`next      ${commandText('run', { file: options.file, profile, overrides })}`);
  }
  return missing.length === 0 ? exitCode.ok : exitCode.failed;
}
