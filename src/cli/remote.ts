// `repro remote check [NAME]`: whether a remote can be read and pushed to, and what is odd about it.
import { type ExitCode, exitCode } from '../error.ts';
import type { CheckedRemote } from '../project/remote-check.ts';
import { onAbort } from './abort.ts';
import { open } from './open.ts';
import type { GlobalOptions } from './options.ts';
import { print, printJson } from './view/print.ts';
import { remoteCheckLines } from './view/remote-check-lines.ts';

export async function remoteVerb(options: GlobalOptions, _action: 'check', name?: string): Promise<ExitCode> {
  using abort = onAbort();
  const checked = await open(options).checkRemote(name, { signal: abort.signal });
  if (options.json) printJson(checked);
  else for (const line of remoteCheckLines(checked)) print(line);
  return verdictOf(checked);
}

function verdictOf({ canRead, canPush }: CheckedRemote): ExitCode {
  if (!canRead) return exitCode.failed;
  return canPush ? exitCode.ok : exitCode.mismatch;
}
