// `repro push [RUN|STAGE]`: results, with all that they rest on, to where others can have them.
import { type ExitCode, exitCode } from '../error.ts';
import { count } from '../manifest/text/number-text.ts';
import { bytesText } from '../pipeline/memory.ts';
import { onAbort } from './abort.ts';
import { open } from './open.ts';
import type { PushOptions } from './options.ts';
import { complain, print, printJson } from './view/print.ts';
import { openTransferView } from './view/transfer-view.ts';

export async function pushVerb(options: PushOptions, name?: string): Promise<ExitCode> {
  using abort = onAbort();
  const view = openTransferView('pushing', options);
  const pushed = await open(options)
    .push(name, { ...options, signal: abort.signal, onProgress: view.onProgress })
    .finally(view.close);
  const { run, remote, objects, bytes, records, leftOut, signed } = pushed;
  for (const { cell, why } of leftOut) complain(`warning: ${cell} stays here: ${why}`);
  if (options.json) printJson(pushed);
  else {
    const what = `${count(records, 'result')}, ${count(objects, 'object')}, ${bytesText(bytes)}`;
    const whose = run === null ? (name ?? '') : `run ${run}`;
    print(`pushed ${whose} to ${remote}: ${what}${signed ? '' : ', signed by nobody'}`);
  }
  return leftOut.length === 0 ? exitCode.ok : exitCode.failed;
}
