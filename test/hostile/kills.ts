// kill -9 at any call that changes a file, in any verb, twice in a row at times.
import { rmSync, readFileSync } from 'node:fs';
import { Tally, type Campaign, type Drawn } from './campaign.ts';
import { expectHealed, Victim } from './victim.ts';

const killAt = new URL('../rig/kill-at.mjs', import.meta.url).pathname;
const verbs = [
  ['run', 'new'],
  ['run', 'new'],
  ['run', '--force'],
  ['run', '--strict'],
  ['audit'],
  ['gc', '--keep', '1', '--delete'],
  ['verify', '--recompute', '1', '--seed', '1'],
  ['report'],
  ['export', 'in-toto'],
  ['tag', 'name'],
];

export const kills: Campaign = {
  name: 'kills',
  about: 'commands killed anywhere: the next run is complete, right, and leaves nothing',
  rounds: { quick: 2, full: 60 },
  async run({ random, rounds }: Drawn) {
    const tally = new Tally();
    using victim = new Victim();
    let n = 1;
    await victim.repro(['run', '--set', `n=${n}`]);
    const calls = new Map<string, number>();
    for (let round = 0; round < rounds; round++) {
      const kind = random.pick(verbs);
      const name = kind.join(' ');
      const words = (): string[] => {
        if (name === 'run new') return ['run', '--set', `n=${++n}`];
        return ['run', 'audit'].includes(kind[0]!) ? [...kind, '--set', `n=${n}`] : [...kind];
      };
      const start = async (asked: readonly string[], at: number) =>
        victim.repro(asked, {
          node: ['--import', killAt],
          environment: { KILL_AT: String(at), COUNT_IN: victim.path('count') },
        });
      if (!calls.has(name)) {
        await start(words(), 0);
        calls.set(name, Number(readFileSync(victim.path('count'), 'utf8')));
      }
      // The same both times: what an attempt at other parameters left is kept for whoever goes on with those.
      const asked = words();
      const at = 1 + random.below(calls.get(name)!);
      for (let times = random.below(4) === 0 ? 2 : 1; times > 0; times--) {
        if ((await start(asked, at)).code === null) tally.count('killed');
      }
      // Else the answer of the last run is told, and nothing is cleared.
      rmSync(victim.path('.repro/index.json'), { force: true });
      await expectHealed(tally, round, victim, n, `${name} killed at call ${at}`);
    }
    return tally.outcome();
  },
};
