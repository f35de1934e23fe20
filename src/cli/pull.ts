// `repro pull [RUN|STAGE]` and `repro fetch [RUN|STAGE]`: results that were pushed, into the store; and, pulled, to where
// people look for them.
import { type ExitCode, exitCode } from '../error.ts';
import { count } from '../manifest/text/number-text.ts';
import { bytesText } from '../pipeline/memory.ts';
import type { Pulled } from '../project/pull.ts';
import { overridesOf } from '../project/settings.ts';
import { onAbort } from './abort.ts';
import { open } from './open.ts';
import type { PullOptions } from './options.ts';
import { commandText } from './view/command-text.ts';
import { complain, print, printJson } from './view/print.ts';
import { openTransferView } from './view/transfer-view.ts';

export async function pullVerb(options: PullOptions, name: string | undefined, publish: boolean): Promise<ExitCode> {
  using abort = onAbort();
  const view = openTransferView(publish ? 'pulling' : 'fetching', options);
  const pulled = await open(options)
    .pull(name, {
      ...options,
      publish,
      signal: abort.signal,
      onProgress: view.onProgress,
      onMoved: (message) => complain(`warning: ${message}`),
    })
    .finally(view.close);
  const { manifest, missing, ...rest } = pulled;
  for (const { cell, why } of missing) complain(`missing: ${cell}: ${why}`);
  if (options.json) printJson({ run: manifest?.run.id ?? null, ...rest, missing });
  else for (const line of lines(options, pulled, name, publish)) print(line);
  return missing.length === 0 ? exitCode.ok : exitCode.failed;
}

function lines(options: PullOptions, pulled: Pulled, name: string | undefined, publish: boolean): string[] {
  const { manifest, results, missing, bytes, remote } = pulled;
  const what = manifest === null ? (name ?? 'what the plan needs') : `run ${manifest.run.id}`;
  const parts = [
    count(results.length, 'result'),
    ...(manifest === null ? [] : [count(manifest.numbers.length, 'number')]),
    ...(missing.length === 0 ? [] : [`${missing.length} missing`]),
    bytesText(bytes),
  ];
  const { profile, overrides } = manifest?.pipeline ?? {
    profile: options.profile ?? null,
    overrides: overridesOf(options.set ?? {}),
  };
  return [
    `${publish ? 'pulled' : 'fetched'} ${what} from ${remote}: ${parts.join(', ')}`,
    ...(publish ? [`next      ${commandText('run', { file: options.file, profile, overrides })}`] : []),
  ];
}
