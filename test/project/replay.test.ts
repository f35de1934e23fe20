// Replays in this process, where an abort can come at a moment that no other process could meet.
import { expect, test } from 'vitest';
import { recordingOf, replay } from '../../src/project/replay.ts';
import type { Manifest } from '../../src/schema/types.ts';
import { openStore } from '../../src/store/store.ts';
import { Rig } from '../rig/rig.ts';

test('an abort as the last stage ends is told: there may be more to replay', async () => {
  await using project = await Rig.create({
    'pipeline.yaml': 'name: replayed\nstages:\n  only: { run: [sh, a.sh], code: [a.sh], outputs: { out: out.txt } }\n',
    'a.sh': 'echo > out.txt\n',
  });
  await project.repro('run');
  const manifest = JSON.parse(project.read('artifacts/manifest.json')) as Manifest;
  const controller = new AbortController();
  const replayed = replay(recordingOf(manifest, ['only']), openStore(project.root), {
    emit: ({ kind }) => void (kind === 'stage-restored' && controller.abort()),
    signal: controller.signal,
  });
  await expect(replayed).rejects.toMatchObject({ code: 'interrupted', exit: 130 });
});
