// The share of points within the quarter circle, times four.
import { readFileSync, writeFileSync } from 'node:fs';

const { inputs, numbers } = JSON.parse(readFileSync(process.env['REPRO_STAGE']!, 'utf8'));
const lines = readFileSync(inputs.points, 'utf8').trim().split('\n');
const within = lines.filter((line) => {
  const [x = 0, y = 0] = line.split(',').map(Number);
  return x * x + y * y < 1;
});
const n = lines.length;
const share = within.length / n;
const pi = {
  value: 4 * share,
  standardError: 4 * Math.sqrt((share * (1 - share)) / (n - 1)),
  n,
  unit: '1',
  kind: 'estimate',
};
writeFileSync(numbers, JSON.stringify({ pi }));
