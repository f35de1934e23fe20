// `npm run bench start`: what `repro --version` takes beside Node with nothing to do. Rounds of both take turns.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { load } from './machine.ts';
import { median, medianRatio } from './ratio.ts';

const command = fileURLToPath(new URL('../bin/repro.js', import.meta.url));

/** Prints medians and their ratio with its 95% interval; keeps nothing. */
export function benchStart(rounds: number): void {
  const empty: number[] = [];
  const ours: number[] = [];
  for (let round = 0; round < rounds; round++) {
    empty.push(milliseconds('--eval', '0'));
    ours.push(milliseconds(command, '--version'));
  }
  const { ratio, interval } = medianRatio(ours, empty);
  const [from, to] = interval.map((bound) => bound.toFixed(2));
  console.log(
    `repro --version ${median(ours).toFixed(0)} ms, an empty Node ${median(empty).toFixed(0)} ms; load ${load()}`,
  );
  console.log(`  ratio ${ratio.toFixed(2)} (${from}-${to}), ${rounds} rounds`);
}

function milliseconds(...words: string[]): number {
  const from = performance.now();
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${words.join(' ')} failed: ${stderr}`);
  return performance.now() - from;
}
