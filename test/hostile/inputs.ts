// Texts that a program or a person got wrong: pipeline files, numbers files, manifests. Refused with a place, or understood.
import { readFileSync } from 'node:fs';
import { ReproError } from '../../src/error.ts';
import { readManifest } from '../../src/manifest/manifest.ts';
import { planPipeline } from '../../src/pipeline/pipeline.ts';
import { SourceFile } from '../../src/pipeline/source.ts';
import { parseNumbers } from '../../src/runner/outputs/numbers-file.ts';
import { Tally, type Campaign, type Drawn, type Random } from './campaign.ts';
import { fourStages } from '../rig/four-stages.ts';

const numbers = JSON.stringify({
  loss: { value: 1.5, unit: 'nats', kind: 'estimate', n: 10, standardError: 0.1, better: 'lower', note: 'of ten' },
  'a.b': { value: -0, unit: '1', kind: 'exact' },
});
const repository = new URL('../../', import.meta.url);
const texts: readonly { readonly name: string; readonly text: string; readonly read: (bytes: Buffer) => boolean }[] = [
  { name: 'pipeline files', text: fourStages('module')['pipeline.yaml']!, read: plans },
  { name: 'pipeline files', text: readFileSync(new URL('pipeline.yaml', repository), 'utf8'), read: plans },
  {
    name: 'numbers files',
    text: numbers,
    read: (bytes) => isAccepted(() => void parseNumbers(bytes, 'numbers.json')),
  },
  {
    name: 'manifests',
    text: readFileSync(new URL('artifacts/reference/default.json', repository), 'utf8'),
    read: (bytes) => isAccepted(() => void readManifest(bytes, 'm.json')),
  },
];

export const inputs: Campaign = {
  name: 'inputs',
  about: 'pipeline files, numbers files and manifests with random edits: refused by name or understood, never a crash',
  rounds: { quick: 200, full: 20_000 },
  run({ random, rounds }: Drawn) {
    const tally = new Tally();
    for (let round = 0; round < rounds; round++) {
      const { name, text, read } = random.pick(texts);
      let bytes: Buffer = Buffer.from(text);
      for (let edits = 1 + random.below(3); edits > 0; edits--) bytes = edited(bytes, random);
      tally.count(name);
      try {
        if (read(bytes)) tally.count(`${name} understood`);
      } catch (error) {
        const stack = error instanceof Error ? error.stack : String(error);
        tally.expect(false, round, () => `${name}: ${String(stack)}\n${bytes.toString('base64').slice(0, 4000)}`);
      }
    }
    return Promise.resolve(tally.outcome());
  },
};

function plans(bytes: Buffer): boolean {
  const source = new SourceFile('pipeline.yaml', bytes.toString());
  return 'plan' in planPipeline(source, { profile: null, overrides: {}, read: readIncluded });
}

/** Files of the repository: what an edited path leads to is anything. */
function readIncluded(path: string): SourceFile | { fault: string } {
  try {
    return new SourceFile(path, readFileSync(new URL(path, repository), 'utf8'));
  } catch (error) {
    return { fault: String(error) };
  }
}

function isAccepted(read: () => void): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof ReproError) return false;
    throw error;
  }
}

const tokens = [
  ...['{', '}', '[', ']', ':', ',', '"', "'", '&a', '*a', '!!binary', '<<: *a', '- ', '\n', '\t', '\u0000', '\ufeff'],
  ...['null', '1e999', '-0', '9007199254740993', '0x1F', '.inf', '"__proto__": 1', 'toString: {}', '\\ud800', '../'],
  ...['[*]', '\u202e', '{'.repeat(300), '['.repeat(5000), 'a'.repeat(70_000), '12:30:45', '2026-11-28', '? ', '| '],
];

function edited(bytes: Buffer, random: Random): Buffer {
  const from = random.below(bytes.length);
  const to = Math.min(bytes.length, from + random.below(random.below(10) === 0 ? bytes.length : 30));
  const [before, middle, after] = [bytes.subarray(0, from), bytes.subarray(from, to), bytes.subarray(to)];
  switch (random.below(5)) {
    case 0:
      return Buffer.concat([before, after]);
    case 1:
      return Buffer.concat([before, middle, middle, after]);
    case 2:
      return Buffer.concat([before, Buffer.from([random.below(256)]), bytes.subarray(from + 1)]);
    case 3:
      return Buffer.concat([before, Buffer.from(random.pick(tokens)), bytes.subarray(from)]);
    default:
      return Buffer.concat([before, Buffer.from(random.pick(tokens)), after]);
  }
}
