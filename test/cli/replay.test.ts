// Replays in this process, where a signal can be given at a moment that no other process could meet.
import { expect, test } from 'vitest';
import { recordingOf, replay } from '../../src/cli/replay.ts';
import type { Manifest } from '../../src/schema/types.ts';
import { openStore } from '../../src/store/store.ts';
import { Rig } from '../rig/rig.ts';

test('Ctrl-C as the last stage ends is told: there may be more to replay', async () => {
  await using project = await Rig.create({
    'pipeline.yaml': 'name: replayed\nstages:\n  only: { run: [sh, a.sh], code: [a.sh], outputs: { out: out.txt } }\n',
    'a.sh': 'echo > out.txt\n',
  });
  await project.repro('run');
  const manifest = JSON.parse(project.read('artifacts/manifest.json')) as Manifest;
  const replayed = replay(recordingOf(manifest, ['only']), openStore(project.root), {
    emit: ({ kind }) => void (kind === 'stage-restored' && process.emit('SIGINT')),
  });
  await expect(replayed).rejects.toMatchObject({ code: 'interrupted', exit: 130 });
});
