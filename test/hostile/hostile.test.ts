// A short round of every campaign; `npm run test:hostile` runs them for minutes.
import { expect, test } from 'vitest';
import { campaigns } from './campaigns.ts';
import { Random } from './campaign.ts';

test.each(campaigns.map((campaign) => [campaign.name, campaign] as const))(
  '%s',
  async (_, { rounds, run }) => {
    const { figures, failures } = await run({ random: new Random(1), rounds: rounds.quick });
    expect(failures).toEqual([]);
    expect(Object.keys(figures)).not.toEqual([]);
  },
  180_000,
);
