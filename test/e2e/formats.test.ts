// Manifests and records that real earlier versions wrote (test/golden/formats), read by every verb that reads manifests: the
// promise of docs/formats.md that a reader accepts the format before its own.
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { Rig } from '../rig/rig.ts';

// Many processes, one after the other.
vi.setConfig({ testTimeout: 240_000 });

const frozen = join(import.meta.dirname, '../golden/formats');
const formats = [1, 2] as const;
type Format = (typeof formats)[number];

/** What the frozen project measures, whatever the format. */
const losses = [0.6, 0.61, 0.62];
const mean = 0.61;

/** A project as a version of that format left it; the manifests of all formats lie in `frozen/`. */
async function projectOf(format: Format): Promise<Rig> {
  const rig = await Rig.create({});
  const own = join(frozen, String(format));
  cpSync(join(frozen, 'project'), rig.root, { recursive: true });
  cpSync(join(frozen, 'artifacts'), join(rig.root, 'artifacts'), { recursive: true });
  cpSync(join(own, 'manifest.json'), join(rig.root, 'artifacts/manifest.json'));
  cpSync(join(own, 'reference.json'), join(rig.root, 'reference.json'));
  cpSync(join(frozen, 'objects'), join(rig.root, '.repro/objects'), { recursive: true });
  cpSync(join(own, 'records'), join(rig.root, '.repro/records'), { recursive: true });
  mkdirSync(join(rig.root, 'frozen'));
  for (const each of formats)
    cpSync(join(frozen, `${each}/manifest.json`), join(rig.root, `frozen/manifest-${each}.json`));
  return rig;
}

/** What a verb answers as JSON, with the exit code that is expected of it. */
async function answer<T>(rig: Rig, code: number, ...words: string[]): Promise<T> {
  const { stdout, stderr, code: actual } = await rig.repro(...words, '--json');
  expect(actual, stdout + stderr).toBe(code);
  return JSON.parse(stdout) as T;
}

test.each(formats)(
  'a manifest of format %i is told, judged, verified, explained, quoted and reported',
  async (format) => {
    await using rig = await projectOf(format);
    expect((JSON.parse(rig.read('artifacts/manifest.json')) as { format: string }).format).toBe(
      `repro.manifest/${format}`,
    );

    const numbers = await answer<{ numbers: { address: string; number: { value: number } }[] }>(rig, 0, 'numbers');
    expect(numbers.numbers.map(({ address, number }) => [address, number.value])).toEqual([
      ...losses.map((value, replicate) => [`measure[replicate=${replicate}].loss`, value]),
      ['summary.mean', mean],
      ['summary.cells', 3],
    ]);

    const gates = await answer<{ gates: { name: string; verdict: string }[] }>(rig, 3, 'gate');
    expect(gates.gates.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
      'bound PASS',
      'band PASS',
      'shown PASS',
      'missed FAIL',
    ]);

    // Six outputs, in the store and published; log and code of each of five cells.
    const verified = await answer<{ checked: number; problems: unknown[] }>(rig, 0, 'verify');
    expect(verified).toMatchObject({ checked: 22, problems: [] });

    const why = (await rig.repro('why', 'summary.mean')).stdout;
    expect(why).toContain('made by 5 stages, 3 code files, 0 packages');
    expect(why).toContain('input table: table.txt sha256:1e14dd6a');
    expect(why).toContain('input parts: data.parts');
    expect(why).toContain('shift = 0.5');

    rig.write('template.md', 'Over {{measure.loss | count}} cells: {{measure.loss | mean ± sd}}; {{summary.mean}}.\n');
    const cited = await rig.repro('cite', '--fill', 'template.md');
    expect(cited.stdout + cited.stderr).toContain('Over 3 cells: 0.610 ± 0.010; 0.61.');

    expect((await rig.repro('report')).code).toBe(0);
    const page = rig.read('artifacts/report.html');
    for (const text of ['summary.mean', '0.600', '0.620', 'missed', 'FAIL', 'data.sh']) expect(page).toContain(text);

    expect((await rig.repro('export', 'in-toto')).code).toBe(0);
    expect(rig.read('artifacts/provenance.intoto.jsonl').trimEnd().split('\n')).toHaveLength(6);
  },
);

test('between the formats no number moved, and only what cannot be compared is named', async () => {
  await using rig = await projectOf(2);
  type Difference = {
    numbers: { class: string; changes: { kind: string; name: string }[] }[];
    stages: { id: string; class: string }[];
  };
  const words = ['diff', 'frozen/manifest-1.json', 'frozen/manifest-2.json'];
  const { numbers, stages } = await answer<Difference>(rig, 0, ...words);
  // Format 1 has values of variables in clear, format 2 their keyed digests.
  expect(stages.filter((stage) => stage.class !== 'same')).toMatchObject([{ id: 'data', class: 'changed' }]);
  expect(numbers.map((number) => number.class)).toEqual(numbers.map(() => 'insensitive'));
  const changes = numbers.flatMap((number) => number.changes.map(({ kind, name }) => `${kind} ${name}`));
  expect(new Set(changes)).toEqual(new Set(['environment FROZEN_NOTE']));
});

test('a store of format 1 is read and left, and its results are computed again with a reason', async () => {
  await using rig = await projectOf(1);
  const records = rig.list('.repro/records');
  const status = (await rig.repro('status')).stdout;
  expect(status).toContain('fingerprints are made otherwise by this version of repro');
  expect((await rig.repro('run', 'data')).code).toBe(0);
  expect(rig.list('.repro/records')).toEqual(expect.arrayContaining(records));
  expect(rig.list('.repro/quarantine')).toEqual([]);
});

test('a later format is refused by name', async () => {
  await using rig = await projectOf(2);
  const manifest = readFileSync(join(frozen, '2/manifest.json'), 'utf8');
  rig.write('three.json', manifest.replace('repro.manifest/2', 'repro.manifest/3'));
  for (const words of [['numbers'], ['verify'], ['gate'], ['report'], ['cite'], ['diff', 'latest']]) {
    const { code, stderr } = await rig.repro(...words, 'three.json');
    expect(code, words.join(' ')).toBe(2);
    expect(stderr).toContain('"three.json" is a manifest of format 3, and this version of repro reads formats 1 and 2');
    expect(stderr).toContain('a later version of repro wrote it and reads it');
  }
});

test('docs/formats.md names every format of the source with its latest number, and no other', () => {
  const page = readFileSync(join(frozen, '../../../docs/formats.md'), 'utf8');
  const named = new Set(page.match(formatName));
  const source = join(frozen, '../../../src');
  const files = readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  const written = new Set(files.flatMap((text) => text.match(formatName) ?? []));
  expect(written.size).toBeGreaterThan(15);
  const latest = (name: string): boolean => ![...written].some((other) => isLater(other, name));
  expect([...written].filter((name) => latest(name) && !named.has(name))).toEqual([]);
  expect([...named].filter((name) => !written.has(name))).toEqual([]);
});

/** `repro.manifest/2` */
const formatName = /\brepro\.[a-z-]+\/\d+\b/g;

function isLater(a: string, b: string): boolean {
  const [[nameA, numberA], [nameB, numberB]] = [a.split('/'), b.split('/')] as [[string, string], [string, string]];
  return nameA === nameB && Number(numberA) > Number(numberB);
}
