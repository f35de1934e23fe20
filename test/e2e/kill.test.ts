// kill -9 at any moment of any verb: nothing corrupt, nothing computed lost, the lock taken over, the same numbers.
import * as fs from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readManifest } from '../../src/manifest/manifest.ts';
import { verifyManifest } from '../../src/manifest/verification/verify.ts';
import { digestBytes, parseDigest } from '../../src/store/digest.ts';
import type { StageRecord } from '../../src/schema/types.ts';
import { openStore } from '../../src/store/store.ts';
import { fourStages, valuesOf } from '../rig/four-stages.ts';
import { Rig } from '../rig/rig.ts';
import { runHere } from '../rig/run-here.ts';

const files = fourStages('shell');

function cellOf({ preimage: { stage, cell } }: StageRecord): string {
  return 'i' in cell ? `${stage}[i=${String(cell['i'])}]` : stage;
}

const killAt = new URL('../rig/kill-at.mjs', import.meta.url).pathname;

/** Verbs, the often drawn more than once; `new` stands for a parameter that was never run. */
const verbs: readonly (readonly string[])[] = [
  ['run', 'new'],
  ['run', 'new'],
  ['run', 'new'],
  ['run', 'cold'],
  ['run', 'cold'],
  ['run', '--force'],
  ['gc', '--keep', '1', '--delete'],
  ['gc', '--keep', '1', '--delete'],
  ['verify', '--recompute', '1', '--seed', '1'],
  ['audit'],
  ['report'],
  ['cite'],
  ['export', 'in-toto'],
  ['tag', 'name'],
];

/** Everything that the store holds is what it says, whatever was going on. */
async function expectSound(rig: Rig): Promise<StageRecord[]> {
  const store = openStore(rig.root);
  for (const path of rig.list('.repro/objects')) {
    const bytes = fs.readFileSync(join(rig.root, '.repro/objects', path));
    expect(digestBytes(bytes), path).toBe(`sha256:${path.replace('/', '')}`);
  }
  const records = store.records.list().map((fingerprint) => store.records.read(fingerprint)!);
  for (const { outputs, log, preimage } of records) {
    for (const { digest, kind } of Object.values(outputs)) {
      expect(await store.objects.verify(parseDigest(digest), kind, 'thorough'), digest).toBe(true);
    }
    for (const digest of [log, ...Object.values(preimage.code)]) {
      expect(await store.objects.verify(parseDigest(digest), 'file', 'thorough'), digest).toBe(true);
    }
  }
  for (const path of rig.list('.repro/manifests').filter((name) => name.endsWith('.json'))) {
    readManifest(rig.read(join('.repro/manifests', path)), path);
  }
  if (rig.has('artifacts/manifest.json')) readManifest(rig.read('artifacts/manifest.json'), 'latest');
  expect(store.takeDamage()).toEqual([]);
  return records;
}

/** The run after a kill: it succeeds, with the right numbers, executes nothing that had been recorded, and leaves order. */
async function expectRecovery(rig: Rig, n: number, recorded: readonly StageRecord[]): Promise<void> {
  const right = valuesOf(n);
  const known = recorded
    .filter((record) => record.numbers['value']!.value === right[cellOf(record)])
    .map((record) => cellOf(record));
  // Else a command killed before it changed anything is followed by one that has nothing to do, and takes no lock.
  fs.rmSync(join(rig.root, '.repro/index.json'), { force: true });
  const { code, events } = await runHere(rig, { set: [`n=${n}`] });
  expect(code).toBe(0);
  expect(events.at(-1)).toMatchObject({ kind: 'run-finished', outcome: 'complete' });
  const executed = events.flatMap((event) => (event.kind === 'stage-started' ? [event.stage] : []));
  expect(executed.filter((id) => known.includes(id))).toEqual([]);
  const manifest = readManifest(rig.read('artifacts/manifest.json'), 'latest');
  expect(Object.fromEntries(manifest.stages.map(({ id, record }) => [id, record?.numbers['value']?.value]))).toEqual(
    right,
  );
  expect(
    (await verifyManifest(manifest, openStore(rig.root), { published: true, references: new Map() })).problems,
  ).toEqual([]);
  const left = fs.readdirSync(join(rig.root, '.repro')).filter((name) => /^(lock|quarantine)/.test(name));
  const written = [...rig.list('artifacts'), ...rig.list('.repro/tags')].filter((path) => path.includes('repro-tmp'));
  const work = fs.readdirSync(join(rig.root, '.repro/work'));
  expect([...left, ...rig.list('.repro/tmp'), ...written, ...work]).toEqual([]);
}

test('a command that is killed anywhere, and once more while the next begins, costs nothing but time', async () => {
  await using rig = await Rig.create(files);
  let n = 1;
  expect((await rig.repro('run', '--set', `n=${n}`)).code).toBe(0);
  const counts = new Map<string, number>();
  let killed = 0;

  /** The words of the command, with the project as it is to find it. */
  const prepare = ([verb = '', ...words]: readonly string[]): string[] => {
    if (verb === 'audit') return [verb, '--set', `n=${n}`];
    if (verb !== 'run') return [verb, ...words];
    if (words[0] === '--force') return ['run', '--set', `n=${n}`, '--force'];
    if (words[0] === 'cold')
      for (const path of ['.repro', 'artifacts']) fs.rmSync(join(rig.root, path), { recursive: true });
    return ['run', '--set', `n=${++n}`];
  };
  const start = async (words: readonly string[], at: number): Promise<boolean> => {
    const environment = { KILL_AT: String(at), COUNT_IN: join(rig.root, 'count') };
    const { code } = await rig.startWith({ node: ['--import', killAt], environment }, ...words).result;
    if (code === null) killed++;
    return code === null;
  };
  /** Calls of a whole command of this kind, counted once. */
  const callsOf = async (words: readonly string[]): Promise<number> => {
    const kind = words.join(' ');
    if (!counts.has(kind)) {
      expect(await start(prepare(words), 0)).toBe(false);
      counts.set(kind, Number(rig.read('count')));
    }
    return counts.get(kind)!;
  };

  const moment = fc.double({ min: 0, max: 1, noNaN: true });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...verbs),
      moment,
      fc.option(fc.nat(30), { nil: null }),
      async (kind, fraction, again) => {
        const calls = await callsOf(kind);
        const words = prepare(kind);
        await start(words, 1 + Math.floor(fraction * calls));
        let recorded = await expectSound(rig);
        if (again !== null) {
          await start(['run', '--set', `n=${n}`], 1 + again);
          recorded = await expectSound(rig);
        }
        await expectRecovery(rig, n, recorded);
      },
    ),
    { numRuns: 10, endOnFailure: true },
  );
  expect(killed).toBeGreaterThan(7);
  expect(await rig.repro('verify')).toMatchObject({ code: 0, stdout: expect.stringContaining('0 problems') as string });
}, 300_000);

test('a run that is killed from outside, stages and all going on, costs nothing but time', async () => {
  await using rig = await Rig.create(files);
  let n = 0;
  await fc.assert(
    fc.asyncProperty(fc.nat(7), fc.nat(15), async (lines, milliseconds) => {
      n++;
      let left = lines;
      const command = rig.startWith(
        {
          onOutput: (text) => {
            left -= text.split('\n').length - 1;
            // The delay varies where the kill falls; the verdict is the same wherever that is.
            if (left <= 0) setTimeout(() => command.signal('SIGKILL'), milliseconds);
          },
        },
        'run',
        '--json',
        '--set',
        `n=${n}`,
      );
      await command.result;
      await expectRecovery(rig, n, await expectSound(rig));
    }),
    { numRuns: 6, endOnFailure: true },
  );
}, 300_000);
