// Records that a run knows from the manifest of the last one: it comes to the same as a run that reads each.
import * as fs from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { knownRecords } from '../../src/project/known-records.ts';
import { readIndex } from '../../src/project/run-index.ts';
import { canonicalJson } from '../../src/store/canonical-json.ts';
import { openStore } from '../../src/store/store.ts';
import { Rig } from '../rig/rig.ts';
import { runHere } from '../rig/run-here.ts';

const files = {
  'pipeline.yaml': `name: known
params: { n: 1 }
stages:
  first: { run: [sh, copy.sh, '\${inputs.in}'], code: [copy.sh], inputs: { in: { file: one.txt } }, outputs: { out: out.txt }, numbers: n.json }
  second: { run: [sh, copy.sh, '\${inputs.in}'], code: [copy.sh], inputs: { in: { file: two.txt } }, outputs: { out: out.txt }, numbers: n.json }
  last:
    run: [sh, join.sh, '\${n}', '\${inputs.a}', '\${inputs.b}']
    code: [join.sh]
    inputs: { a: first.out, b: second.out }
    outputs: { tree: tree/ }
gates:
  low: { number: second.n, max: 3 }
`,
  'copy.sh':
    'cat "$1" > out.txt; printf \'{ "n": { "value": %d, "unit": "1", "kind": "exact" } }\' "$(cat "$1")" > n.json\n',
  'join.sh': 'mkdir tree; cat "$2" "$3" > tree/all.txt; echo "$1" > tree/n.txt\n',
  'one.txt': '1',
  'two.txt': '2',
};

const known = (rig: Rig): number => knownRecords(rig.root, readIndex(rig.root)!).size;

it('are those that the last run has left, and none where its manifest is no longer as it was', async () => {
  await using rig = await Rig.create(files);
  await runHere(rig, {});
  const { records } = openStore(rig.root);
  const found = knownRecords(rig.root, readIndex(rig.root)!);
  expect([...found.keys()].sort()).toEqual(records.list().sort());
  for (const [fingerprint, { record }] of found) expect(record).toEqual(records.read(fingerprint));

  const manifest = join(rig.root, '.repro/manifests', rig.list('.repro/manifests')[0]!);
  const bytes = fs.readFileSync(manifest);
  fs.renameSync(manifest, `${manifest}.moved`);
  expect(known(rig)).toBe(0);
  fs.symlinkSync(`${manifest}.moved`, manifest);
  expect(known(rig)).toBe(0);
  fs.rmSync(manifest);
  fs.writeFileSync(manifest, bytes);
  expect(known(rig)).toBe(0);
});

const recordOf = (rig: Rig, stage: string): string => {
  const names = rig.list('.repro/records').map((name) => join('.repro/records', name));
  return join(
    rig.root,
    names.find((name) => rig.read(name).includes(`"stage":"${stage}"`))!,
  );
};

/** What may happen between two runs. */
const events: Readonly<Record<string, (rig: Rig) => void>> = {
  'an input changed': (rig) => rig.write('two.txt', '5'),
  'code changed': (rig) => rig.write('join.sh', `${files['join.sh']}# more\n`),
  'a parameter changed': (rig) => rig.write('pipeline.yaml', files['pipeline.yaml'].replace('n: 1', 'n: 2')),
  'a record damaged': (rig) => fs.writeFileSync(recordOf(rig, 'first'), 'damaged'),
  'a record lost': (rig) => fs.rmSync(recordOf(rig, 'second')),
  'a record in the place of another': (rig) => fs.copyFileSync(recordOf(rig, 'first'), recordOf(rig, 'second')),
  'a record touched': (rig) => fs.utimesSync(recordOf(rig, 'first'), 1, 1),
  'objects lost': (rig) => fs.rmSync(join(rig.root, '.repro/objects'), { recursive: true }),
  'a result edited': (rig) => rig.write('artifacts/last/tree/n.txt', 'mine'),
};

/** Without the place, names of runs and of what was set aside, and times. */
const timeless = (rig: Rig, text: string): string =>
  text
    .replaceAll(rig.root, 'ROOT')
    .replaceAll(/\d{8}T\d{6}Z-[0-9a-f]{4}/g, 'RUN')
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/"seconds":[\d.e-]+/g, '"seconds":0');

/** A run, by what it tells and leaves. */
async function outcome(rig: Rig): Promise<unknown> {
  const { code, events: told } = await runHere(rig, {});
  const published = rig.list('artifacts').map((name) => [name, timeless(rig, rig.read(join('artifacts', name)))]);
  return [code, told.map((event) => timeless(rig, canonicalJson(event))).sort(), published];
}

it.each(Object.keys(events))('change nothing about what a run tells and leaves, after: %s', async (name) => {
  await using rig = await Rig.create(files);
  await runHere(rig, {});
  events[name]!(rig);
  expect(known(rig)).toBe(3);
  // Its files have other inodes: nothing of the index holds for them.
  await using copy = await Rig.create({});
  const isOther = (path: string): boolean => path !== join(rig.root, 'node_modules');
  fs.cpSync(rig.root, copy.root, { recursive: true, verbatimSymlinks: true, filter: isOther });
  expect(known(copy)).toBe(0);
  expect(await outcome(rig)).toEqual(await outcome(copy));
});
