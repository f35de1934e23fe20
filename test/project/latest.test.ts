// What a run says of the one whose place it takes: with what is known of that, and by its manifest alone.
import * as fs from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { updateLatest } from '../../src/project/latest.ts';
import type { Manifest } from '../../src/schema/types.ts';
import { canonicalJson } from '../../src/store/canonical-json.ts';
import { digestBytes } from '../../src/store/digest.ts';
import { sealJson } from '../../src/store/sealed-json.ts';
import { openStore } from '../../src/store/store.ts';
import { sketchManifest, sketchStage } from '../manifest/sample.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

type Asked = Pick<Manifest['run'], 'selected' | 'purpose'> &
  Partial<Pick<Manifest['pipeline'], 'profile' | 'overrides'>>;

const text = (manifest: Manifest): Buffer => Buffer.from(`${canonicalJson(manifest)}\n`);
const cache = '.repro/cache/latest.json';
const published = 'artifacts/manifest.json';

/** A run of one stage, which gave `output`. */
function runOf(id: string, { profile = null, overrides = {}, ...run }: Asked, output = id): Manifest {
  const whole = sketchManifest([
    sketchStage({ id: 'a', outputs: { out: { path: 'out', digest: digestBytes(output) } } }),
  ]);
  return { ...whole, run: { ...whole.run, id, ...run }, pipeline: { ...whole.pipeline, profile, overrides } };
}

const [first, second, third] = ['20261123T221500Z-3f20', '20261123T221600Z-3f20', '20261123T221700Z-3f20'] as const;
const asked: Asked[] = [
  {},
  { profile: 'ci' },
  { overrides: { a: 1 } },
  { selected: ['a'] },
  { purpose: 'audit' },
  { profile: 'ci', overrides: { b: [1] }, selected: ['a', 'b'], purpose: 'sweep' },
];

/** What happens between two runs to what is known, and to what is published. */
const meanwhile: Readonly<Record<string, (root: string) => void>> = {
  nothing: () => {},
  'it is damaged': (root) => fs.truncateSync(join(root, cache), 40),
  'it has another shape': (root) => fs.writeFileSync(join(root, cache), sealJson({ format: 'repro.latest/1', run: 1 })),
  'another manifest is published': (root) =>
    fs.writeFileSync(join(root, published), text(runOf(third, { profile: 'other' }))),
  'what is published is no manifest': (root) => fs.writeFileSync(join(root, published), 'x'),
  'nothing is published': (root) => fs.rmSync(join(root, published)),
  'a directory is in its place': (root) => {
    fs.rmSync(join(root, published));
    fs.mkdirSync(join(root, published));
  },
};

it.each(Object.keys(meanwhile))('is the same when it is read anew, when meanwhile: %s', async (what) => {
  for (const before of asked) {
    for (const after of [asked[0]!, asked[3]!]) {
      const told: unknown[] = [];
      for (const isKnown of [true, false]) {
        using directory = temporaryDirectory();
        const store = openStore(directory.path);
        const [old, next] = [runOf(first, before), runOf(second, after)];
        await updateLatest(old, text(old), store);
        meanwhile[what]!(directory.path);
        if (!isKnown) fs.rmSync(join(directory.path, cache));
        told.push(
          await updateLatest(next, text(next), store).catch((error: NodeJS.ErrnoException) => error.code),
          fs.existsSync(join(directory.path, published)) && fs.statSync(join(directory.path, published)).size,
        );
      }
      expect(told.slice(0, 2)).toEqual(told.slice(2));
    }
  }
});

it('is known without reading the manifest, by the digest of its bytes', async () => {
  using directory = temporaryDirectory();
  const store = openStore(directory.path);
  const [old, next] = [runOf(first, { profile: 'ci' }), runOf(second, {})];
  await updateLatest(old, text(old), store);
  expect(JSON.parse(fs.readFileSync(join(directory.path, cache), 'utf8').split('\n')[0]!)).toEqual({
    format: 'repro.latest/1',
    digest: digestBytes(text(old)),
    run: { id: first },
    pipeline: { profile: 'ci', overrides: {} },
  });
  const other = { ...old, run: { ...old.run, id: third } };
  store.files.write(
    join(directory.path, cache),
    sealJson({ format: 'repro.latest/1', digest: digestBytes(text(old)), run: other.run, pipeline: old.pipeline }),
  );
  expect(await updateLatest(next, text(next), store)).toMatchObject({ before: `run ${third}, profile ci` });
});
