// The Grid Engine that other tests run on takes jobs, several at once, and ends them.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startGridEngine, whyNoGridEngine } from './gridengine.ts';
import { temporaryDirectory } from './temporary.ts';

const reason = whyNoGridEngine();

test.skipIf(reason !== null)(`a Grid Engine of the rig runs jobs${reason === null ? '' : ` (${reason})`}`, async () => {
  await using engine = await startGridEngine();
  using directory = temporaryDirectory();
  const script = path.join(directory.path, 'job.sh');
  writeFileSync(script, '#!/bin/sh\nwhile [ ! -e go ]; do sleep 0.1; done\necho "$JOB_ID" > "done-$JOB_ID"\n');
  for (let job = 0; job < 3; job++)
    await engine.ask('qsub', '-wd', directory.path, '-o', '/dev/null', '-j', 'y', script);
  const running = async (): Promise<number> => (await engine.ask('qstat', '-s', 'r')).match(/ r /g)?.length ?? 0;
  while ((await running()) < 3) await delay(100);
  writeFileSync(path.join(directory.path, 'go'), '');
  while ((await engine.ask('qstat')).trim() !== '') await delay(100);
  expect(await engine.ask('ls', directory.path)).toBe('done-1\ndone-2\ndone-3\ngo\njob.sh\n');
});
