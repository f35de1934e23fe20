// `npm run bench large`: what large things cost a run, each at a size and at four times it, beside the system's own tools that
// copy and hash the same. A stage's own seconds, and those of a run with next to nothing in it, are taken off.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from './machine.ts';
import { peakMbIn, PEAK_PROBE } from './peak.ts';
import { median } from './ratio.ts';
import type { Table } from './tensor-table.ts';

interface Case {
  readonly name: string;
  /** The smaller of two sizes, and its unit. */
  readonly size: (megabytes: number) => number;
  readonly unit: string;
  /** Shell commands: what is there before the run; the stage; and what the system's tools do with what it makes. */
  readonly prepare?: (size: number) => string;
  readonly stage: (size: number) => string;
  readonly declares: string;
  readonly peer?: (size: number) => string;
}

const random = (megabytes: number): string => `head -c ${megabytes}000000 /dev/urandom > big.bin`;
const hashOf = (path: string): string => `find ${path} -type f -print0 | xargs -0 sha256sum > /dev/null`;
const NUMBERS = 'out.json';
const cases: readonly Case[] = [
  {
    name: 'an input from outside, in one file',
    size: (megabytes) => megabytes,
    unit: 'MB',
    prepare: random,
    stage: () => ':',
    declares: 'inputs: { data: { file: big.bin } }',
    peer: () => 'sha256sum big.bin > /dev/null',
  },
  {
    name: 'an output in one file',
    size: (megabytes) => megabytes,
    unit: 'MB',
    prepare: random,
    stage: () => 'cat "$OLDPWD/big.bin" > out.bin',
    declares: 'outputs: { out: out.bin }',
    // Into the store, hashed, and from there to the artifacts.
    peer: () => 'cp big.bin a && sha256sum a > /dev/null && cp a b',
  },
  {
    name: 'an output of many files',
    size: (megabytes) => 40 * megabytes,
    unit: 'files',
    prepare: (files) => `mkdir many && cd many && seq ${files} | split -l 1 -a 5 - f`,
    stage: () => 'cp -r "$OLDPWD/many" out',
    declares: 'outputs: { out: out/ }',
    peer: () => `cp -r many a && ${hashOf('a')} && cp -r a b`,
  },
  {
    name: 'a log',
    size: (megabytes) => Math.ceil(megabytes / 10),
    unit: 'MB',
    stage: (megabytes) => `yes 'a line of a log that is some fifty characters long' | head -c ${megabytes}000000`,
    declares: 'outputs: {}',
    peer: (megabytes) =>
      `yes 'a line of a log that is some fifty characters long' | head -c ${megabytes}000000 | cat > log && sha256sum log`,
  },
  {
    name: 'reported numbers',
    size: (megabytes) => 40 * megabytes,
    unit: 'numbers',
    prepare: (count) =>
      `(echo '{'; seq ${count} | sed 's/.*/"n&": { "value": &, "unit": "1", "kind": "exact" },/; $ s/,$//'; echo '}') > numbers.json`,
    stage: () => `cp "$OLDPWD/numbers.json" ${NUMBERS}`,
    declares: `numbers: ${NUMBERS}`,
  },
];

const command = fileURLToPath(new URL('../bin/repro.js', import.meta.url));

/** Medians over the rounds; of a peer that does several things, the sum. Nothing is kept. */
export function benchLarge(rounds: number, megabytes: number, show: (table: Table) => void): void {
  const empty = run({ stage: ':', declares: '' }, rounds).seconds;
  const rows = cases.flatMap((each) =>
    [1, 4].map((times) => {
      const size = each.size(megabytes) * times;
      const { prepare, stage, declares, peer } = each;
      const ours = run({ prepare: prepare?.(size), stage: stage(size), declares }, rounds);
      const seconds = ours.seconds - empty;
      const theirs = peer && median(Array.from({ length: rounds }, () => inFolder(prepare?.(size), peer(size))));
      return [
        `${each.name}, ${size.toLocaleString('en')} ${each.unit}`,
        seconds.toFixed(2),
        theirs?.toFixed(2) ?? '-',
        theirs === undefined ? '-' : (seconds / theirs).toFixed(2),
        String(ours.peakMb),
        String(load()),
      ];
    }),
  );
  show({ titles: ['What', 'Ours, s', "The system's tools, s", 'Ratio', 'Peak of ours, MB', 'Load'], rows });
}

interface Project {
  readonly prepare?: string | undefined;
  readonly stage: string;
  readonly declares: string;
}

/** Runs of new projects: seconds without those of the stage, and the most memory. */
function run({ prepare, stage, declares }: Project, rounds: number): { seconds: number; peakMb: number } {
  const measured = Array.from({ length: rounds }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'repro-large-'));
    try {
      if (prepare !== undefined) shell(folder, prepare);
      const words = JSON.stringify(['sh', '-c', `OLDPWD='${folder}'; ${stage}`]);
      const options = declares === '' ? '' : `, ${declares}`;
      writeFileSync(
        join(folder, 'pipeline.yaml'),
        `name: large\nstages:\n  it: { run: ${words}, code: []${options} }\n`,
      );
      const from = performance.now();
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ['--import', PEAK_PROBE, command, 'run', '--quiet'],
        {
          cwd: folder,
          encoding: 'utf8',
          maxBuffer: 2 ** 28,
        },
      );
      const wall = (performance.now() - from) / 1000;
      if (status !== 0) throw new Error(`repro run failed: ${stdout.slice(-500)}`);
      const manifest = JSON.parse(readFileSync(join(folder, 'artifacts/manifest.json'), 'utf8')) as Manifest;
      return {
        seconds: wall - manifest.stages[0]!.record.seconds,
        peak: peakMbIn(stderr)!,
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
  return {
    seconds: median(measured.map(({ seconds }) => seconds)),
    peakMb: Math.max(...measured.map(({ peak }) => peak)),
  };
}

interface Manifest {
  readonly stages: readonly [{ readonly record: { readonly seconds: number } }];
}

/** Seconds of a command in a new folder, in which another was run before. */
function inFolder(prepare: string | undefined, text: string): number {
  const folder = mkdtempSync(join(tmpdir(), 'repro-large-'));
  try {
    if (prepare !== undefined) shell(folder, prepare);
    const from = performance.now();
    shell(folder, text);
    return (performance.now() - from) / 1000;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function shell(folder: string, text: string): void {
  const { status, stderr } = spawnSync('sh', ['-ec', text], { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`"${text}" failed: ${stderr}`);
}
