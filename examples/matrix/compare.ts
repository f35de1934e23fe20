// A table of all cells, and a figure: the mean error of each method over its replicates, with its standard error.
import { readFileSync, writeFileSync } from 'node:fs';

interface Result {
  method: string;
  size: number;
  replicate: number;
  error: number;
}

const { params, inputs, outputs } = JSON.parse(readFileSync(process.env['REPRO_STAGE']!, 'utf8'));
const results: Result[] = inputs.results.map((path: string) => JSON.parse(readFileSync(path, 'utf8')));

const rows = results.map(({ method, size, replicate, error }) => [method, size, replicate, error].join(','));
writeFileSync(outputs.table, `${['method,size,replicate,error', ...rows].join('\n')}\n`);

function point(method: string, size: number): [number, number, number] {
  const errors = results.filter((each) => each.method === method && each.size === size).map(({ error }) => error);
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  const squares = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0);
  return [size, mean, Math.sqrt(squares / (errors.length - 1) / errors.length)];
}

const sizes = [...new Set(results.map(({ size }) => size))].sort((a, b) => a - b);
const methods = [...new Set(results.map(({ method }) => method))];
const figure = {
  title: params.compare.title,
  x: { label: 'points', log: true },
  y: { label: 'error' },
  series: methods.map((name) => ({ name, points: sizes.map((size) => point(name, size)) })),
};
writeFileSync(outputs.figure, JSON.stringify(figure));
