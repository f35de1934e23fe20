import { readFileSync, writeFileSync } from 'node:fs';
const { inputs, outputs, numbers } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
const values = inputs.values.map((path) => JSON.parse(readFileSync(path, 'utf8')).value);
const points = values.map((value, index) => [index, value]);
const figure = { title: 'Loss', x: { label: 'replicate' }, y: { label: 'nats' }, series: [{ name: 'loss', points }] };
writeFileSync(outputs.curve, JSON.stringify(figure));
const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
const cells = { value: values.length, unit: 'cells', kind: 'exact' };
writeFileSync(numbers, JSON.stringify({ mean: { value: mean, n: values.length, unit: 'nats', kind: 'estimate' }, cells }));
