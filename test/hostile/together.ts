// Two and three commands at once in one project.
import { Tally, type Campaign, type Drawn } from './campaign.ts';
import { expectHealed, expectSane, Victim } from './victim.ts';

export const together: Campaign = {
  name: 'together',
  about: 'commands at once: each ends by itself, no alarm is false, and the project is whole afterwards',
  rounds: { quick: 2, full: 60 },
  async run({ random, rounds }: Drawn) {
    const tally = new Tally();
    using victim = new Victim();
    let n = 1;
    await victim.repro(['run', '--set', `n=${n}`]);
    const commands = [
      () => ['run', '--wait', '--set', `n=${++n}`],
      () => ['run', '--wait', '--set', `n=${++n}`],
      () => ['run', '--set', `n=${n}`],
      () => ['run', '--wait', '--force', '--set', `n=${n}`],
      () => ['gc', '--keep', '1', '--delete', '--wait'],
      () => ['verify'],
      () => ['verify', '--recompute', '1', '--seed', '1'],
      () => ['status', '--set', `n=${n}`],
      () => ['audit', '--set', `n=${n}`],
      () => ['tag', 'name'],
      () => ['report'],
    ];
    for (let round = 0; round < rounds; round++) {
      const chosen = Array.from({ length: 2 + random.below(2) }, () => random.pick(commands)());
      const after = `${chosen.map((words) => words.join(' ')).join(' & ')}`;
      const ended = await Promise.all(chosen.map((words) => victim.repro(words)));
      const collects = chosen.some(([verb]) => verb === 'gc');
      for (const each of ended) {
        expectSane(tally, round, each, after);
        tally.count(`${each.words[0]!} ended with ${String(each.code)}`);
        // What gc deletes while verify looks at it is missing indeed.
        if (!collects) tally.expect(each.code !== 4, round, () => `a false alarm of ${after}: ${each.output}`);
      }
      await expectHealed(tally, round, victim, n, after);
    }
    return tally.outcome();
  },
};
