// The smallest project with numbers: one stage, three replicates, each one process of a tenth of a second.

/** `measure[replicate=i].loss` is `shift + (10 + i) / 100 ± 0.01`. */
export const quickProject = {
  'pipeline.yaml': `name: quick
seed: 3
params: { shift: 0 }
stages:
  measure:
    run: measure.mjs
    params: [shift]
    matrix: { replicate: 3 }
    numbers: n.json
`,
  'measure.mjs': `import { readFileSync, writeFileSync } from 'node:fs';
const { cell, params, numbers } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
const value = params.shift + (10 + cell.replicate) / 100;
writeFileSync(numbers, JSON.stringify({ loss: { value, standardError: 0.01, n: 10, unit: 'nats', kind: 'estimate', better: 'lower' } }));
`,
};
