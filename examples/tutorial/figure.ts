import { readFileSync, writeFileSync } from 'node:fs';
import { points } from './lib/table.ts';

const stage = JSON.parse(readFileSync(process.env.REPRO_STAGE!, 'utf8'));
const measured = points(readFileSync(stage.inputs.table, 'utf8'));
const { slope, intercept } = JSON.parse(readFileSync(stage.inputs.line, 'utf8'));
const fitted = measured.map(([year]) => [year, intercept + slope * year]);
const figure = {
  title: 'Days of ice',
  x: { label: 'year' },
  y: { label: 'days' },
  series: [
    { name: 'measured', points: measured },
    { name: 'trend', points: fitted },
  ],
};
writeFileSync(stage.outputs.figure, JSON.stringify(figure));
