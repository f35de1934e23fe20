// Time and memory against size. Both grow in proportion: what grows faster than by the power below is called a failure only
// where somebody waits for the figures, since times on a busy machine say little.
import { readManifest } from '../../src/manifest/manifest.ts';
import { planPipeline } from '../../src/pipeline/pipeline.ts';
import { SourceFile } from '../../src/pipeline/source.ts';
import { parseNumbers } from '../../src/runner/outputs/numbers-file.ts';
import { canonicalJson } from '../../src/store/canonical-json.ts';
import { parseTree, treeText } from '../../src/store/tree.ts';
import { Tally, type Campaign, type Drawn } from './campaign.ts';

/** The power of the size that a time may grow with, times and rounding included. */
const steepest = 1.6;
/** Seconds of the larger size below which a ratio says nothing. */
const tooShort = 0.4;
/** Rounds from which on sizes are large enough to be judged. */
const judged = 8;

const number = { value: 1.25, unit: 'nats', kind: 'estimate', standardError: 0.5, n: 10 };
const many = <T>(size: number, make: (i: number) => T): T[] => Array.from({ length: size }, (_, i) => make(i));
const digest = `sha256:${'0'.repeat(64)}` as const;

const readers: Readonly<Record<string, (size: number) => () => unknown>> = {
  'stages in a chain': (size) => {
    const stages = many(
      size,
      (i) => `  s${i}: { run: [a], outputs: { o: o }, inputs: { ${i === 0 ? '' : `i: s${i - 1}.o`} } }`,
    );
    return () => plan(`name: chain\nstages:\n${stages.join('\n')}\n`);
  },
  'cells gathered': (size) => {
    const values = many(size, String).join(', ');
    const text = `name: wide\nstages:\n  a: { run: [a], matrix: { i: [${values}] }, outputs: { o: o } }\n  b: { run: [b], inputs: { all: "a[*].o" } }\n`;
    return () => plan(text);
  },
  'numbers of a stage': (size) => {
    const bytes = Buffer.from(JSON.stringify(Object.fromEntries(many(size, (i) => [`n.${i}`, number]))));
    return () => parseNumbers(bytes, 'numbers.json');
  },
  'files of a directory': (size) => {
    const files = many(size, (i) => ({ path: `d/${i}.txt`, digest, executable: false, sizeBytes: 1 }));
    return () => parseTree(treeText({ files, emptyDirectories: [] }));
  },
  'bytes of a manifest that is none': (size) => {
    const bytes = Buffer.from(
      canonicalJson({ format: 'repro.manifest/2', stages: many(size, (i) => ({ id: `s${i}` })) }),
    );
    return () => {
      try {
        readManifest(bytes, 'm.json');
      } catch {
        // As it should be.
      }
    };
  },
};

export const sizes: Campaign = {
  name: 'sizes',
  about: 'texts of growing size: seconds and megabytes of each, and the power of the size that time grows with',
  rounds: { quick: 1, full: 16 },
  run({ rounds }: Drawn) {
    const tally = new Tally();
    for (const [name, make] of Object.entries(readers)) {
      const [small, large] = [500 * rounds, 2000 * rounds].map((size) => measure(make(size)));
      const power = Math.log(large!.seconds / small!.seconds) / Math.log(4);
      tally.count(`${name}: seconds for ${2000 * rounds}`, large!.seconds);
      tally.count(`${name}: megabytes`, large!.megabytes);
      tally.count(`${name}: power`, power);
      const isJudged = rounds >= judged && large!.seconds > tooShort;
      tally.expect(!isJudged || power < steepest, 0, () => `${name} takes size to the power of ${power.toFixed(2)}`);
    }
    return Promise.resolve(tally.outcome());
  },
};

function plan(text: string): void {
  const result = planPipeline(new SourceFile('pipeline.yaml', text), { profile: null, overrides: {} });
  if (!('plan' in result) && !result.diagnostics.every(({ code }) => code === 'too-large')) {
    throw new Error(result.diagnostics[0]?.message);
  }
}

/** The least of three times: the rest is what else the machine does. */
function measure(read: () => unknown): { seconds: number; megabytes: number } {
  const heap = process.memoryUsage().heapUsed;
  let [seconds, megabytes] = [Infinity, 0];
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    read();
    seconds = Math.min(seconds, (performance.now() - start) / 1000);
    megabytes = Math.max(megabytes, (process.memoryUsage().heapUsed - heap) / 1e6);
  }
  return { seconds, megabytes };
}
