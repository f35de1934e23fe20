// The integral of 4 / (1 + x^2) from 0 to 1, which is pi, as a mean over random points.
import { readFileSync, writeFileSync } from 'node:fs';
import { uniforms } from './lib/random.ts';

const { cell, seed, outputs, numbers } = JSON.parse(readFileSync(process.env['REPRO_STAGE']!, 'utf8'));
const uniform = uniforms(seed);
let sum = 0;
for (let index = 0; index < cell.size; index++) {
  // Stratified: one point in each of `size` equal parts.
  const x = cell.method === 'stratified' ? (index + uniform()) / cell.size : uniform();
  sum += 4 / (1 + x * x);
}
const error = Math.abs(sum / cell.size - Math.PI);
writeFileSync(outputs.result, JSON.stringify({ ...cell, error }));
writeFileSync(
  numbers,
  JSON.stringify({ error: { value: error, n: cell.size, unit: '1', kind: 'estimate', better: 'lower' } }),
);
