// What collecting garbage must leave where it lies.
import { expect, it } from 'vitest';
import { findLeftovers } from '../../src/manifest/leftovers.ts';
import { openStore } from '../../src/store/store.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

it('a directory in which a job of a cluster may be at work is kept, however old it is', () => {
  using directory = temporaryDirectory({
    '.repro/work/0123456789abcdef/job.json': '{}',
    '.repro/work/fedcba9876543210/log.txt': '',
  });
  const found = findLeftovers(openStore(directory.path), { since: '2999-01-01T00:00:00.000Z', stages: null });
  expect(found.map(({ path, isKept }) => [path, isKept])).toEqual([
    ['.repro/work/0123456789abcdef', true],
    ['.repro/work/fedcba9876543210', false],
  ]);
});
