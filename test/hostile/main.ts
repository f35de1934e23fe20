// `npm run test:hostile [-- NAMES --seed N --rounds N]`: campaigns, their figures, and 1 where something failed.
import { parseArgs } from 'node:util';
import { campaigns } from './campaigns.ts';
import { Random } from './campaign.ts';

const { values, positionals } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, rounds: { type: 'string' } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !campaigns.some((campaign) => campaign.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `No campaign ${unknown.join(', ')}; there are ${campaigns.map(({ name }) => name).join(', ')}\n`,
  );
  process.exit(2);
}
const say = (line: string): void => void process.stdout.write(`${line}\n`);

for (const { name, about, rounds, run } of campaigns) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  say(`${name}: ${about}`);
  const start = performance.now();
  const asked = { random: new Random(Number(values.seed)), rounds: Number(values.rounds ?? rounds.full) };
  const { figures, failures } = await run(asked);
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  say(`  seed ${values.seed}, ${asked.rounds} rounds, ${seconds} s`);
  for (const [what, figure] of Object.entries(figures)) say(`  ${what}: ${Number(figure.toPrecision(4))}`);
  for (const failure of failures) say(`  FAILED ${failure.replaceAll('\n', '\n    ')}`);
  say(`  ${failures.length} failed`);
  if (failures.length > 0) process.exitCode = 1;
}
