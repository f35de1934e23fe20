// Draws points of the unit square. All random numbers follow from the seed in pipeline.yaml.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

// What a stage is given: docs/stage-protocol.md. `import { runStage } from 'repro/stage'` is a kit for it.
const { seed, params, outputs } = JSON.parse(readFileSync(process.env['REPRO_STAGE']!, 'utf8'));
const lines = Array.from({ length: params.draw.points }, (_, step) => {
  const bytes = createHash('sha256').update(`${seed} points ${step}`).digest();
  return `${bytes.readUInt32LE(0) / 2 ** 32},${bytes.readUInt32LE(4) / 2 ** 32}\n`;
});
writeFileSync(outputs.points, lines.join(''));
