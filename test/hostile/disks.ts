// Disks that fill up and files that may not grow: the run fails with a word about it, and the next one is complete.
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { Tally, type Campaign, type Drawn } from './campaign.ts';
import { expectHealed, expectSane, Victim } from './victim.ts';

/** Bytes of a disk that is large enough. */
const enough = 64 << 20;

export const disks: Campaign = {
  name: 'disks',
  about: 'disks that fill up (as root), files that may not grow: failures have names, and the next run is complete',
  rounds: { quick: 2, full: 40 },
  async run({ random, rounds }: Drawn) {
    const tally = new Tally();
    for (let round = 0; round < rounds; round++) {
      // A file as large as this makes a stage's output not fit.
      const ballast = 'x'.repeat(random.below(300_000));
      using victim = new Victim({ 'ballast.txt': ballast });
      fs.appendFileSync(victim.path('make.sh'), 'cat ../../../../ballast.txt >> tree/same.txt\n');
      const size = 64_000 + random.below(900_000);
      fs.mkdirSync(victim.path('.repro'));
      const isMounted = mount(victim.path('.repro'), `size=${size}`);
      try {
        tally.count(isMounted ? 'full disks' : 'short files');
        const within = isMounted ? [] : ['sh', '-c', 'ulimit -f "$0"; exec "$@"', String(Math.ceil(size / 4096))];
        const run = await victim.repro(['run', '--set', 'n=4'], { within });
        expectSane(tally, round, run, `a disk of ${size} bytes`);
        if (run.code !== 0) tally.count('runs that failed');
        if (isMounted) mount(victim.path('.repro'), `remount,size=${enough}`);
        await expectHealed(tally, round, victim, 4, `a disk of ${size} bytes`);
      } finally {
        if (isMounted) spawnSync('umount', ['-l', victim.path('.repro')]);
      }
    }
    return tally.outcome();
  },
};

function mount(path: string, options: string): boolean {
  if (process.getuid?.() !== 0 || process.platform !== 'linux') return false;
  return spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], { stdio: 'ignore' }).status === 0;
}
